/// The fields of the commands about bans.
struct BanFields {
    private var user = JSONField.missing
    private var username = JSONField.missing
    private var line = JSONField.missing
    private var seconds = JSONField.missing
    private var reason = JSONField.missing
    private var scope = JSONField.missing
    private var rev = JSONField.missing
    private var purges: Bool?

    /// Scans a text that was scanned before.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("user", in: text) {
                user = try JSONField(&scanner, in: text)
            } else if key.equals("username", in: text) {
                username = try JSONField(&scanner, in: text)
            } else if key.equals("by_line", in: text) {
                line = try JSONField(&scanner, in: text)
            } else if key.equals("seconds", in: text) {
                seconds = try JSONField(&scanner, in: text)
            } else if key.equals("reason", in: text) {
                reason = try JSONField(&scanner, in: text)
            } else if key.equals("scope", in: text) {
                scope = try JSONField(&scanner, in: text)
            } else if key.equals("purge", in: text) {
                purges = try RulesFields.truth("purge", &scanner, in: text)
            } else if key.equals("rev", in: text) {
                rev = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    func order(isTimeout: Bool, in text: Span<UInt8>) throws(Refusal) -> BanOrder {
        var order = BanOrder(try checkedWho(in: text, others: ""), isTimeout: isTimeout)
        if isTimeout { order.seconds = BanOrder.timeout }
        if let seconds = seconds.present {
            order.seconds = try seconds.whole(named: "seconds", in: 1...BanOrder.longest)
        }
        if let reason = reason.present {
            order.reason = try Self.checkedReason(reason.string(named: "reason", in: text))
        }
        if let scope = scope.present {
            order.isWide = try Self.isWide(scope, in: text, hasLine: order.who.line != nil)
        }
        order.purges = purges ?? false
        return order
    }

    /// Whether a scope is the block of an address.
    static func isWide(
        _ scope: JSONField, in text: Span<UInt8>, hasLine: Bool
    ) throws(Refusal) -> Bool {
        guard try scope.string(named: "scope", in: text) == "address" else {
            throw Refusal(.invalidCommand, "The field \"scope\" must be \"address\".")
        }
        guard hasLine else {
            throw Refusal(
                .invalidCommand, "An address is known by a line only: name one by \"by_line\".")
        }
        return true
    }

    func unban(in text: Span<UInt8>) throws(Refusal) -> UnbanOrder {
        if let rev = rev.present { return .rev(try rev.whole(named: "rev")) }
        return .who(try checkedWho(in: text, others: " or \"rev\""))
    }

    /// One of the fields that name people.
    private func checkedWho(
        in text: Span<UInt8>, others: String
    ) throws(Refusal) -> BanOrder.Who {
        let given = [user, username, line].count { $0.present != nil }
        guard given == 1 else {
            throw Refusal(
                .invalidCommand,
                "Name one of \"user\", \"username\", \"by_line\"\(others), and only one.")
        }
        if let line = line.present { return .line(try line.whole(named: "by_line")) }
        if let user = user.present {
            return .user(try Self.checkedName(user.string(named: "user", in: text), "user"))
        }
        let name = try username.string(named: "username", in: text)
        return .username(try Self.checkedName(ChatText.trimmed(name), "username"))
    }

    private static func checkedName(_ name: String, _ field: String) throws(Refusal) -> String {
        guard 1...nameLimit ~= name.utf8.count else {
            throw Refusal(
                .invalidCommand, "The field \"\(field)\" must have 1 to \(nameLimit) bytes.")
        }
        return name
    }

    /// The longest name or `sub`, in bytes. No user has a longer one.
    private static let nameLimit = 1_024

    private static func checkedReason(_ reason: String) throws(Refusal) -> String {
        let limit = BanOrder.reasonLimit
        guard reason.unicodeScalars.count <= limit,
            !reason.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw Refusal(
                .invalidCommand,
                "The field \"reason\" must have at most \(limit) characters, on one line.")
        }
        return ChatText.trimmed(reason)
    }
}
