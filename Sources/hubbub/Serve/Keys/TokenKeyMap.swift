internal import Chat
internal import IdentityKeys

/// A key in the configuration file, with what flags can't say: its name, whom it may speak for, and
/// when it ends.
enum TokenKeyMap {
    /// The keys that name a file, and what the file holds.
    private static let kinds: [(key: String, kind: KeyKind)] = [
        ("secret", .secret), ("public-key", .publicKey), ("jwks", .keySet),
        ("jwks-url", .keySet),
    ]

    static let schema = SchemaNode(
        key: "token-keys",
        what: "Keys for tokens, each with its own issuer, audience and end, besides those above",
        kind: .maps([
            text("name", "Name of the key, in the log and as kid", "a text", "site"),
            text("secret", "File with a secret", "a file", "/etc/hubbub/site-secret"),
            text(
                "public-key", "File with a public key, in PEM", "a file", "/etc/hubbub/site.pem",
                isShown: false),
            text(
                "jwks", "File with a set of keys (JWKS)", "a file", "/etc/hubbub/jwks.json",
                isShown: false),
            SchemaNode(
                key: "jwks-url", what: "Address of a set of keys (JWKS)",
                kind: .text(
                    SchemaNode.Text(
                        accepted: "an https URL", example: "https://id.example/jwks.json",
                        accepts: { KeyURL.isGood($0) })), isShown: false),
            SchemaNode(
                key: "allow-private",
                what: "Whether the server of jwks-url may have an address that isn't public",
                kind: .text(
                    SchemaNode.Text(
                        accepted: "on or off", example: "off", isDefault: true, fallback: "off",
                        accepts: { ["on", "off"].contains($0) })), isShown: false),
            text("issuer", "The iss that its tokens must have", "a text", "https://id.example"),
            text("audience", "The aud that its tokens must have", "a text", "chat"),
            SchemaNode(
                key: "ends", what: "When it ends",
                kind: .text(
                    SchemaNode.Text(
                        accepted: "a time like 2026-12-31 or 2026-12-31T12:00:00Z",
                        example: "2026-12-31", accepts: { time($0) != nil }))),
        ]))

    /// The keys of the file that is read.
    static func files() throws(Complaint) -> [KeyFile] {
        var files: [KeyFile] = []
        for map in ConfigurationScope.current.file.maps(of: schema.key) {
            files.append(try file(map))
        }
        return files
    }

    /// What has changed if the texts have.
    static func texts() -> [String] {
        ConfigurationScope.current.file.maps(of: schema.key).flatMap { map in
            ["name", "issuer", "audience", "ends", "allow-private"].map {
                text(map, $0)?.text ?? ""
            }
                + kinds.map { text(map, $0.key)?.text ?? "" }
        }
    }

    private static func file(_ map: FileValues.Map) throws(Complaint) -> KeyFile {
        let named = kinds.compactMap { kind in text(map, kind.key).map { (kind, $0) } }
        guard let (kind, path) = named.first, named.count == 1 else {
            throw Complaint(
                .configuration,
                "\(map.place): \(schema.key): give one of "
                    + kinds.map(\.key).joined(separator: ", "), at: map.place)
        }
        return KeyFile(
            path: path.text, kind: kind.kind,
            given: "\(path.place): \(schema.key).\(kind.key): \(path.text)", place: path.place,
            name: text(map, "name")?.text,
            owner: KeyOwner(
                issuer: text(map, "issuer")?.text, audience: text(map, "audience")?.text,
                end: text(map, "ends").flatMap { time($0.text) }),
            allowsPrivateAddress: text(map, "allow-private")?.text == "on")
    }

    private static func text(_ map: FileValues.Map, _ key: String) -> FileText? {
        map.values.texts(of: key).first
    }

    private static func text(
        _ key: String, _ what: String, _ accepted: String, _ example: String,
        isShown: Bool = true
    ) -> SchemaNode {
        SchemaNode(
            key: key, what: what,
            kind: .text(SchemaNode.Text(accepted: accepted, example: example)), isShown: isShown)
    }

    /// In milliseconds since 1970.
    private static func time(_ text: String) -> Int64? {
        let bytes = text.utf8.span
        return (Timestamp(rfc3339: bytes) ?? Timestamp(date: bytes))?.milliseconds
    }
}
