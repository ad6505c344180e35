import Identity

extension HostileToken {
    /// Headers that ask for something that they may not.
    static let headers: [HostileToken] =
        ["none", "None", "NONE", "nOnE", "hs256", "HS1", "ES512", "RS1", "PS512", ""].map { alg in
            HostileToken(
                "alg \(alg)", .unknownAlgorithm, header(#"{"alg":"\#(alg)","typ":"JWT"}"#))
        } + [
            HostileToken(
                "alg none without a signature", .unknownAlgorithm,
                Forge(header: #"{"alg":"none"}"#, sign: { _ in [] })),
            HostileToken("no alg", .unknownAlgorithm, header(#"{"typ":"JWT"}"#)),
            HostileToken("alg null", .wrongParameterType, header(#"{"alg":null}"#)),
            HostileToken("alg as a list", .wrongParameterType, header(#"{"alg":["HS256"]}"#)),
            HostileToken("alg as a number", .wrongParameterType, header(#"{"alg":256}"#)),
            HostileToken(
                "alg twice", .doubledParameter, header(#"{"alg":"HS256","alg":"none"}"#)),
            HostileToken(
                "alg twice, once escaped", .doubledParameter,
                header(#"{"alg":"HS256","\u0061lg":"none"}"#)),
            more("kid is a path", .unknownKey, #""kid":"../../../../dev/null""#),
            more("kid is SQL", .unknownKey, #""kid":"x' UNION SELECT 'secret';--""#),
            more("kid is a command", .unknownKey, #""kid":"| cat /etc/passwd""#),
            more("kid is an address", .unknownKey, #""kid":"http://127.0.0.1/key""#),
            more("kid is empty", .unknownKey, #""kid":"""#),
            more("kid has a zero", .unknownKey, #""kid":"secret\u0000""#),
            more("kid of another kind of key", .algorithmOfNoKey, #""kid":"rsa""#),
            more("kid null", .wrongParameterType, #""kid":null"#),
            more(
                "kid of a megabyte", .tooLong,
                #""kid":"\#(String(repeating: "k", count: 1 << 20))""#),
            more("jku", .keyInHeader, #""jku":"https://evil.example/keys.json""#),
            more("x5u", .keyInHeader, #""x5u":"https://evil.example/key.pem""#),
            more("jwk", .keyInHeader, #""jwk":{"kty":"oct","k":"AAAA"}"#),
            more("x5c", .keyInHeader, #""x5c":["MIIB"]"#),
            more("jku null", .keyInHeader, #""jku":null"#),
            more("an unknown crit", .criticalParameter, #""crit":["exp2"],"exp2":1"#),
            more("an empty crit", .criticalParameter, #""crit":[]"#),
            more("b64", .encrypted, #""b64":false"#),
            more("an encrypted token", .encrypted, #""enc":"A128GCM""#),
            more("a compressed token", .encrypted, #""zip":"DEF""#),
            more("a nested token", .encrypted, #""cty":"JWT""#),
            header("a token for logout", .otherPurpose, type: "logout+jwt"),
            header("a proof of possession", .otherPurpose, type: "dpop+jwt"),
            header("an event", .otherPurpose, type: "secevent+jwt"),
            header("a request", .otherPurpose, type: "oauth-authz-req+jwt"),
            HostileToken("a header that is a list", .headerNotJSON, header(#"["HS256"]"#)),
            HostileToken("a header that is a text", .headerNotJSON, header(#""HS256""#)),
            HostileToken("an empty header", .headerNotJSON, header("")),
            HostileToken("a header with a rest", .headerNotJSON, header(#"{"alg":"HS256"}{}"#)),
            HostileToken(
                "a deep header", .headerNotJSON,
                header(#"{"alg":"HS256","x":"# + deep(1_000) + "}")),
        ]

    static func deep(_ levels: Int) -> String {
        String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }

    private static func header(_ text: String) -> Forge { Forge(header: text) }

    private static func header(
        _ what: String, _ refusal: TokenRefusal, type: String
    ) -> HostileToken {
        HostileToken(what, refusal, header(#"{"alg":"HS256","typ":"\#(type)"}"#))
    }

    private static func more(
        _ what: String, _ refusal: TokenRefusal, _ fields: String
    ) -> HostileToken {
        HostileToken(what, refusal, header(#"{"alg":"HS256","# + fields + "}"))
    }
}
