import Identity

extension HostileToken {
    /// Claims that are out of bounds, in tokens that are signed as they should be.
    static let claims: [HostileToken] =
        [
            "1780000000.0e9", "\"1780003600\"", "-1", "-1780003600", "9223372036854775808",
            "9223372036854775807", "1e400", "1.78e9", "1780003600000", "null", "true", "[]",
            "{}",
        ].map { exp in
            HostileToken("exp \(exp)", .wrongExpiry, Forge(claims: #"{"sub":"u1","exp":\#(exp)}"#))
        } + [
            HostileToken("no exp", .wrongExpiry, Forge(claims: #"{"sub":"u1"}"#)),
            HostileToken("no sub", .wrongSubject, Forge(claims: #"{"exp":1780003600}"#)),
            HostileToken("expired", .expired, Forge(claims: #"{"sub":"u1","exp":1779999999}"#)),
            HostileToken("expired now", .expired, Forge(claims: #"{"sub":"u1","exp":1780000000}"#)),
            HostileToken("exp 0", .expired, Forge(claims: #"{"sub":"u1","exp":0}"#)),
            HostileToken(
                "sub twice", .doubledClaim, Forge.claiming(#""sub":"u2""#)),
            HostileToken("exp twice", .doubledClaim, Forge.claiming(#""exp":9999999999"#)),
            HostileToken(
                "role twice, once escaped", .doubledClaim,
                Forge.claiming(#""role":"member","\u0072ole":"owner""#)),
            HostileToken(
                "an unknown claim twice", .doubledClaim, Forge.claiming(#""x":1,"x":2"#)),
            HostileToken(
                "a room twice", .doubledClaim,
                Forge.claiming(#""rooms":{"go":"none","go":"owner"}"#)),
            claim("nbf ahead", .notYetValid, #""nbf":1780000031"#),
            claim("nbf as a text", .wrongStart, #""nbf":"0""#),
            claim("a negative nbf", .wrongStart, #""nbf":-1"#),
            claim("iat ahead", .issuedAhead, #""iat":1780000031"#),
            claim("iat as an object", .wrongIssueTime, #""iat":{}"#),
            claim("aud as a list", .wrongAudience, #""aud":["hubbub"]"#),
            claim("aud as an object", .wrongAudience, #""aud":{"hubbub":"hubbub"}"#),
            claim("aud null", .wrongAudience, #""aud":null"#),
            claim("iss as a list", .wrongIssuer, #""iss":["a"]"#),
            claim("iss as a number", .wrongIssuer, #""iss":1"#),
            claim("jti as a number", .wrongTokenName, #""jti":1"#),
            claim("an empty jti", .wrongTokenName, #""jti":"""#),
            claim("name as a number", .wrongName, #""name":1"#),
            claim("a blank name", .wrongName, #""name":" \u200b ""#),
            claim("a name with a newline", .wrongName, #""name":"Ann\nBob""#),
            claim("a long name", .wrongName, #""name":"123456789012345678901234567890123""#),
            claim("an unknown role", .wrongRole, #""role":"admin""#),
            claim("a role in capitals", .wrongRole, #""role":"Owner""#),
            claim("role as a list", .wrongRole, #""role":["owner"]"#),
            claim("role null", .wrongRole, #""role":null"#),
            claim("rooms as a list", .wrongRooms, #""rooms":["go"]"#),
            claim("rooms as a text", .wrongRooms, #""rooms":"*""#),
            claim("a room with a number", .wrongRooms, #""rooms":{"go":1}"#),
            claim("a room with an object", .wrongRooms, #""rooms":{"go":{}}"#),
            claim("a room with an unknown role", .wrongRole, #""rooms":{"go":"god"}"#),
            claim("a room that is none", .wrongRooms, #""rooms":{"Go!":"member"}"#),
            claim("a star within", .wrongRooms, #""rooms":{"g*o":"member"}"#),
            claim("two stars", .wrongRooms, #""rooms":{"go**":"member"}"#),
            sub("an empty sub", ""),
            sub("a long sub", String(repeating: "s", count: 129)),
            sub("the sub of a key", "key:robot"),
            HostileToken(
                "sub as a number", .wrongSubject, Forge(claims: #"{"sub":1,"exp":1780003600}"#)),
            HostileToken(
                "sub null", .wrongSubject, Forge(claims: #"{"sub":null,"exp":1780003600}"#)),
            HostileToken("claims as a list", .claimsNotJSON, Forge(claims: #"["sub"]"#)),
            HostileToken("no claims", .claimsNotJSON, Forge(claims: "")),
            HostileToken(
                "claims with a rest", .claimsNotJSON, Forge(claims: Forge.goodClaims + "{}")),
            HostileToken(
                "claims with a comma too many", .claimsNotJSON, Forge(claims: #"{"sub":"u1",}"#)),
            HostileToken(
                "a lone surrogate", .claimsNotJSON, Forge.claiming(#""name":"\ud800""#)),
            HostileToken(
                "deep claims", .claimsNotJSON, Forge.claiming(#""x":"# + deep(2_000))),
        ]

    private static func claim(
        _ what: String, _ refusal: TokenRefusal, _ more: String
    ) -> HostileToken {
        HostileToken(what, refusal, Forge.claiming(more))
    }

    private static func sub(_ what: String, _ sub: String) -> HostileToken {
        HostileToken(
            what, .wrongSubject, Forge(claims: #"{"sub":"\#(sub)","exp":1780003600}"#))
    }
}
