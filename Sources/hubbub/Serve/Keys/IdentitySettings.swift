internal import ChatServer
internal import Identity
internal import IdentityKeys

/// The settings about tokens, checked.
struct IdentitySettings {
    let demand: IdentityRules.Demand
    let cookie: String?
    let rules: ClaimRules
    let files: [KeyFile]
    private let auth: Given<IdentityRules.Demand>

    /// - Parameter limits: the rules for user names are among them.
    init(_ options: IdentityOptions, limits: Limits) throws(Complaint) {
        auth = options.auth
        demand = try auth.value()
        cookie = try options.tokenCookie.value()
        rules = ClaimRules(
            issuer: try options.tokenIssuer.value(), audience: try options.tokenAudience.value(),
            limits: limits.chat)
        var files: [KeyFile] = []
        for given in options.tokenSecretFile { files += try Self.files(given, .secret) }
        for given in options.tokenPublicKeyFile { files += try Self.files(given, .publicKey) }
        for given in options.tokenJWKSFile { files += try Self.files(given, .keySet) }
        for given in options.tokenJWKSURL { files += try Self.files(given, .keySet) }
        self.files = files + (try TokenKeyMap.files())
    }

    private static func files(
        _ given: Given<[String]>, _ kind: KeyKind
    ) throws(Complaint) -> [KeyFile] {
        try given.value().map { path in
            KeyFile(
                path: path, kind: kind, given: given.asGiven, place: given.source.place)
        }
    }

    /// Whether the daemon's own secret counts, in its directory.
    var usesOwnSecret: Bool { demand != .off && files.isEmpty }

    /// The keys in force: those of the settings, or else the daemon's own secret in its directory.
    /// Nil if nobody has tokens.
    func keys(directory: String?) throws(Complaint) -> KeyFiles.Reading? {
        guard demand != .off else { return nil }
        if !files.isEmpty { return try KeyFiles.read(files, rules: rules) }
        guard let directory else {
            guard demand != .required else {
                throw auth.complaint("without a data directory there is no key; give one")
            }
            return nil
        }
        let own = try OwnSecret.prepare(in: directory)
        let file = KeyFile(path: own, kind: .secret, given: own)
        return try KeyFiles.read([file], rules: rules)
    }
}
