internal import Identity
internal import Webhooks

/// A webhook in the configuration file.
enum WebhookMap {
    /// The largest number of webhooks. Each has a thread of its own.
    static let most = 16
    /// Characters of a name.
    private static let nameLength = 1...64

    static let schema = SchemaNode(
        key: "webhooks",
        what: "Receivers of events by HTTP POST, as Standard Webhooks 1.0 says (at most \(most))",
        kind: .maps([
            SchemaNode(
                key: "url", what: "Address that events are posted to",
                kind: .text(
                    SchemaNode.Text(
                        accepted: "an https URL, or an http URL with allow-private: on",
                        example: "https://app.example/hooks/chat", accepts: { isURL($0) })),
                isRequired: true),
            SchemaNode(
                key: "secret", what: "Secret that the posts are signed with",
                kind: .text(
                    SchemaNode.Text(
                        accepted: WebhookSecret.form,
                        example: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", isSecret: true,
                        accepts: { WebhookSecret($0) != nil })),
                isRequired: true),
            SchemaNode(
                key: "name", what: "Its name in the log and in metrics; its place is kept under it",
                kind: .text(
                    SchemaNode.Text(
                        accepted: "\(nameLength.lowerBound) to \(nameLength.upperBound) characters "
                            + "of a-z, 0-9, '.', '_' and '-'",
                        example: "app", accepts: { isName($0) }))),
            SchemaNode(
                key: "events",
                what: "What it is told; without them, all but member.joined and member.left",
                kind: .texts(
                    SchemaNode.Text(
                        accepted: WebhookEventKind.names.map(\.rawValue).joined(separator: ", "),
                        example: "message", accepts: { kind($0) != nil }))),
            SchemaNode(
                key: "rooms", what: "Rooms that it is told of",
                kind: .texts(
                    SchemaNode.Text(
                        accepted: "names of rooms, or prefixes with * at their ends",
                        example: "*", isDefault: true, fallback: "all",
                        accepts: { RoomPattern($0) != nil }))),
            privately("allow-private", isShown: true),
            // As other programs write it.
            privately("allow_private", isShown: false),
        ]))

    private static func privately(_ key: String, isShown: Bool) -> SchemaNode {
        SchemaNode(
            key: key, what: "Whether its address may be one that isn't public",
            kind: .text(
                SchemaNode.Text(
                    accepted: "on or off", example: "off", isDefault: true, fallback: "off",
                    accepts: { ["on", "off", "true", "false"].contains($0) })),
            isShown: isShown)
    }

    /// The webhooks of the file that is read.
    static func webhooks() throws(Complaint) -> [Webhook] {
        let maps = ConfigurationScope.current.file.maps(of: schema.key)
        if maps.count > most {
            throw Complaint(
                .configuration,
                "\(maps[most].place): \(schema.key): there are \(maps.count); at most \(most) are "
                    + "allowed", at: maps[most].place)
        }
        var webhooks: [Webhook] = []
        for map in maps {
            // A faulty one is reported already.
            guard let webhook = try webhook(map) else { continue }
            if webhooks.contains(where: { $0.name == webhook.name }) {
                throw Complaint(
                    .configuration,
                    "\(map.place): \(schema.key): there are two of this name or url; give each "
                        + "another name", at: map.place)
            }
            webhooks.append(webhook)
        }
        return webhooks
    }

    /// What has changed if the texts have.
    static func texts() -> [String] {
        ConfigurationScope.current.file.maps(of: schema.key).flatMap { map in
            ["url", "secret", "name", "events", "rooms", "allow-private", "allow_private"].map {
                map.values.texts(of: $0).map(\.text).joined(separator: ",")
            }
        }
    }

    private static func webhook(_ map: FileValues.Map) throws(Complaint) -> Webhook? {
        func texts(_ key: String) -> [String] { map.values.texts(of: key).map(\.text) }
        guard let url = map.values.texts(of: "url").first,
            let secret = texts("secret").first.flatMap({ WebhookSecret($0) })
        else { return nil }
        let given = texts("allow-private") + texts("allow_private")
        let allowsPrivate = given.contains { ["on", "true"].contains($0) }
        if url.text.hasPrefix("http://"), !allowsPrivate {
            throw Complaint(
                .configuration,
                "\(url.place): \(schema.key).url: anybody on the way can read what goes over http; "
                    + "give an https URL, or allow-private: on for a receiver beside the daemon",
                at: url.place)
        }
        let kinds = Set(texts("events").compactMap { kind($0) })
        let rooms = texts("rooms").compactMap { RoomPattern($0) }
        return Webhook(
            name: texts("name").first ?? name(of: url.text), url: url.text, secret: secret,
            kinds: kinds.isEmpty ? WebhookEventKind.standard : kinds,
            rooms: rooms.isEmpty ? [.prefix([])] : rooms, allowsPrivate: allowsPrivate)
    }

    private static func kind(_ text: String) -> WebhookEventKind? {
        WebhookEventKind.names.first { $0.rawValue == text }
    }

    /// Whether it is an URL without a name and password.
    static func isURL(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ 0x21..<0x7F ~= $0 }), let host = host(of: text) else {
            return false
        }
        return !host.isEmpty && !host.contains("@")
    }

    /// The part of a URL between its scheme and its path.
    private static func host(of url: String) -> Substring? {
        for scheme in ["https://", "http://"] where url.hasPrefix(scheme) {
            return url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        }
        return nil
    }

    private static func isName(_ text: String) -> Bool {
        nameLength.contains(text.utf8.count) && text.utf8.allSatisfy(isOfName)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || ".-_".utf8.contains(byte)
    }

    /// The name of a webhook that has none. The rest of its URL may be a secret.
    private static func name(of url: String) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in url.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let host = (host(of: url) ?? "").lowercased().utf8.prefix(48)
            .map { isOfName($0) ? $0 : UInt8(ascii: "-") }
        return String(decoding: host, as: UTF8.self) + "-" + String(hash, radix: 16)
    }
}
