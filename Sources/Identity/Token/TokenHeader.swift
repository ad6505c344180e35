internal import Chat

/// The header of a token (RFC 7515 section 4): which algorithm, and perhaps which key.
struct TokenHeader {
    let algorithm: Algorithm
    let kid: String?

    init(_ json: Span<UInt8>) throws(TokenRefusal) {
        var fields = try ClaimFields(
            json, broken: .headerNotJSON, doubled: .doubledParameter)
        guard fields.take("crit") == nil else { throw .criticalParameter }
        for name in ["jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256"] {
            guard fields.take(name) == nil else { throw .keyInHeader }
        }
        for name in ["enc", "zip", "cty", "b64"] {
            guard fields.take(name) == nil else { throw .encrypted }
        }
        try Self.checkPurpose(fields.take("typ"))
        kid = try Self.text(fields.take("kid"))
        // A name that differs only in case is another algorithm (RFC 7515 section 4.1.1).
        guard let name = try Self.text(fields.take("alg")), let found = Algorithm(rawValue: name)
        else { throw .unknownAlgorithm }
        algorithm = found
    }

    /// Other kinds of tokens name themselves here, so that they aren't taken for ours (RFC 8725
    /// section 3.11). Access tokens of OAuth (RFC 9068) are ours, too.
    private static func checkPurpose(_ type: ClaimValue?) throws(TokenRefusal) {
        guard let type = try text(type)?.lowercased() else { return }
        let known = ["jwt", "at+jwt", "application/jwt", "application/at+jwt"]
        guard known.contains(type) else { throw .otherPurpose }
    }

    private static func text(_ value: ClaimValue?) throws(TokenRefusal) -> String? {
        switch value {
        case nil: nil
        case .text(let text): text
        case .number, .object, .other: throw .wrongParameterType
        }
    }
}
