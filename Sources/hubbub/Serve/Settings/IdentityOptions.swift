internal import ArgumentParser
internal import ChatServer

/// Who clients may be, and the keys of their tokens.
struct IdentityOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "auth", placeholder: "kind", what: "Whether clients may have tokens",
            accepted: "optional, required (no guests), or off",
            fallback: .optional, fallbackText: "optional",
            parse: { IdentityRules.Demand(rawValue: $0) }
        ).fixed)
    var auth: Given<IdentityRules.Demand>

    @Option(
        repeatable: .keyFile(
            "token-secret-file",
            "File with a secret that tokens are signed with; its final newline doesn't count",
            example: "/etc/hubbub/token-secret"))
    var tokenSecretFile: [Given<[String]>]

    @Option(
        repeatable: .keyFile(
            "token-public-key-file", "File with a public key, in PEM, that tokens are checked with",
            example: "/etc/hubbub/token.pem"))
    var tokenPublicKeyFile: [Given<[String]>]

    @Option(
        repeatable: .keyFile(
            "token-jwks-file", "File with a set of keys (JWKS); it is read again when it changes",
            example: "/etc/hubbub/jwks.json"))
    var tokenJWKSFile: [Given<[String]>]

    @Option(
        repeatable: Setting(
            flag: "token-jwks-url", placeholder: "url",
            what: "Address of a set of keys (JWKS); it is fetched at intervals, and if a token "
                + "names an unknown key; repeat it for several",
            accepted: "an https URL", fallback: [], fallbackText: "none",
            parse: { KeyURL.isGood($0) ? [$0] : nil }
        ).example("https://id.example/jwks.json"))
    var tokenJWKSURL: [Given<[String]>]

    @Option(
        .tokenText("token-issuer", "The iss that tokens must have", "any", "https://id.example"))
    var tokenIssuer: Given<String?>

    @Option(.tokenText("token-audience", "The aud that tokens must have", "any", "chat"))
    var tokenAudience: Given<String?>

    @Option(
        .tokenText(
            "token-cookie", "Cookie that may hold a token, for pages of allowed origins", "none",
            "session"
        ).fixed)
    var tokenCookie: Given<String?>

    @Option(.apiKeyFile) var apiKeyFile: Given<String?>

    @Option(repeatable: .reservedNames) var reservedNames: [Given<[String]>]
}

extension Setting<String?> {
    static var apiKeyFile: Setting {
        Setting(
            flag: "api-key-file", placeholder: "file",
            what: "File with keys of programs that use the HTTP API, one on each line: a name, a "
                + "role and the key",
            accepted: "a file", fallback: nil, fallbackText: "none",
            parse: { $0.isEmpty ? .none : .some($0) }
        ).example("/etc/hubbub/api-keys")
    }
}

extension Setting<[String]> {
    static var reservedNames: Setting {
        Setting(
            flag: "reserved-names", placeholder: "names",
            what: "User names that guests can't take, nor one that looks like them; repeat it, or "
                + "separate by commas",
            accepted: "names", fallback: [], fallbackText: "none",
            parse: { $0.commaList.isEmpty ? nil : $0.commaList }
        ).example("admin")
    }

    /// A setting with a file of keys.
    static func keyFile(_ flag: String, _ what: String, example: String) -> Setting {
        Setting(
            flag: flag, placeholder: "file", what: "\(what); repeat it for several",
            accepted: "a file", fallback: [], fallbackText: "none",
            parse: { $0.isEmpty ? nil : [$0] }
        ).example(example)
    }
}

extension Setting<String?> {
    /// A setting with a text that tokens are compared with.
    static func tokenText(
        _ flag: String, _ what: String, _ none: String, _ example: String
    ) -> Setting {
        Setting(
            flag: flag, placeholder: "text", what: what, accepted: "a text", fallback: nil,
            fallbackText: none, parse: { $0.isEmpty ? .none : .some($0) }
        ).example(example)
    }
}
