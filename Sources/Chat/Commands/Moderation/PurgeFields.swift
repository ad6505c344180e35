/// The fields of `purge`.
struct PurgeFields {
    private var users = ListField<String>.missing
    private var username = JSONField.missing
    private var line = JSONField.missing
    private var scope = JSONField.missing
    private var matching = JSONField.missing
    private var minutes = JSONField.missing
    private var from = JSONField.missing
    private var to = JSONField.missing

    /// Scans a text that was scanned before.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("users", in: text) {
                users = try ListField(
                    of: .string, &scanner, in: text, limit: PurgeOrder.userLimit
                ) { scanner, text throws(Refusal) in
                    try scanner.string(in: text).string(in: text)
                }
            } else if key.equals("username", in: text) {
                username = try JSONField(&scanner, in: text)
            } else if key.equals("by_line", in: text) {
                line = try JSONField(&scanner, in: text)
            } else if key.equals("scope", in: text) {
                scope = try JSONField(&scanner, in: text)
            } else if key.equals("matching", in: text) {
                matching = try JSONField(&scanner, in: text)
            } else if key.equals("last_minutes", in: text) {
                minutes = try JSONField(&scanner, in: text)
            } else if key.equals("from", in: text) {
                from = try JSONField(&scanner, in: text)
            } else if key.equals("to", in: text) {
                to = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    func order(in text: Span<UInt8>) throws(Refusal) -> PurgeOrder {
        var order = PurgeOrder()
        order.users =
            try users.elements(named: "users", limit: PurgeOrder.userLimit, of: "strings") ?? []
        order.username = try username.present?.string(named: "username", in: text)
        order.line = try line.present?.whole(named: "by_line")
        order.matching = try matching.present?.string(named: "matching", in: text)
        if let word = order.matching, ChatText.trimmed(word).isEmpty {
            throw Refusal(.invalidCommand, "The field \"matching\" must have a word.")
        }
        order.minutes = try minutes.present?.whole(
            named: "last_minutes", in: 1...PurgeOrder.longest)
        order.from = try from.present?.whole(named: "from")
        order.to = try to.present?.whole(named: "to")
        guard !order.isEmpty else {
            throw Refusal(
                .invalidCommand,
                "Say which lines: \"users\", \"username\", \"by_line\", \"matching\", "
                    + "\"last_minutes\", \"from\" or \"to\".")
        }
        if let scope = scope.present {
            order.isWide = try BanFields.isWide(scope, in: text, hasLine: order.line != nil)
        }
        return order
    }
}
