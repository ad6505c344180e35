/// The fields of the commands of operators.
struct OversightFields {
    enum Kind: String, CaseIterable {
        case server, inspect, disconnect, revoke
    }

    private var room = JSONField.missing
    private var user = JSONField.missing
    private var connection = JSONField.missing
    private var reason = JSONField.missing
    private var sub = JSONField.missing
    private var jti = JSONField.missing
    private var issuedBefore = JSONField.missing
    private var after = JSONField.missing

    /// Scans a text that was scanned before.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("room", in: text) {
                room = try JSONField(&scanner, in: text)
            } else if key.equals("user", in: text) {
                user = try JSONField(&scanner, in: text)
            } else if key.equals("connection", in: text) {
                connection = try JSONField(&scanner, in: text)
            } else if key.equals("reason", in: text) {
                reason = try JSONField(&scanner, in: text)
            } else if key.equals("sub", in: text) {
                sub = try JSONField(&scanner, in: text)
            } else if key.equals("jti", in: text) {
                jti = try JSONField(&scanner, in: text)
            } else if key.equals("issued_before", in: text) {
                issuedBefore = try JSONField(&scanner, in: text)
            } else if key.equals("after", in: text) {
                after = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    /// What a command of this type wants.
    func oversight(_ kind: Kind, in text: Span<UInt8>) throws(Refusal) -> Oversight {
        switch kind {
        case .server: return .figures(after: try after.present?.whole(named: "after"))
        case .inspect:
            return .inspect(
                try subject([room, user, connection], #""room", "user", "connection""#, in: text))
        case .disconnect:
            let subject = try subject(
                [.missing, user, connection], #""user", "connection""#, in: text)
            return .disconnect(subject, reason: try checkedReason(in: text))
        case .revoke: return .revoke(try tokens(in: text))
        }
    }

    /// The subject in one of three fields: a room, a user or a connection.
    private func subject(
        _ fields: [JSONField], _ names: String, in text: Span<UInt8>
    ) throws(Refusal) -> Oversight.Subject {
        guard fields.count(where: { $0.present != nil }) == 1 else {
            throw Refusal(.invalidCommand, "Name one of \(names), and only one.")
        }
        if let room = fields[0].present {
            let name = try room.string(named: "room", in: text)
            guard let room = RoomName(name) else { throw .invalidRoom }
            return .room(room)
        }
        if let user = fields[1].present {
            return .user(try Self.name(user, "user", in: text))
        }
        return .connection(try Self.name(fields[2], "connection", in: text))
    }

    private func tokens(in text: Span<UInt8>) throws(Refusal) -> Oversight.Tokens {
        let time = try issuedBefore.present?.whole(
            named: "issued_before", in: 0...Int64(1) << 53)
        switch (sub.present, jti.present, time) {
        case (let sub?, nil, _):
            return .user(try Self.name(sub, "sub", in: text), issuedBefore: time)
        case (nil, let jti?, nil): return .token(jti: try Self.name(jti, "jti", in: text))
        case (nil, nil, let time?): return .all(issuedBefore: time)
        default:
            throw Refusal(
                .invalidCommand,
                #"Name one of "sub", "jti" and "issued_before", or "sub" with "issued_before"."#)
        }
    }

    private static func name(
        _ field: JSONField, _ key: StaticString, in text: Span<UInt8>
    ) throws(Refusal) -> String {
        let limit = Oversight.nameBytes
        let name = try field.string(named: key, in: text)
        guard limit.contains(name.utf8.count) else {
            throw Refusal(
                .invalidCommand,
                "The field \"\(key)\" must have \(limit.lowerBound) to \(limit.upperBound) bytes.")
        }
        return name
    }

    private func checkedReason(in text: Span<UInt8>) throws(Refusal) -> String {
        guard let field = reason.present else { return "" }
        let reason = try field.string(named: "reason", in: text)
        guard reason.utf8.count <= Oversight.reasonBytes else {
            throw Refusal(
                .invalidCommand,
                "The field \"reason\" must have at most \(Oversight.reasonBytes) bytes.")
        }
        return reason
    }

    /// The kind with this name, or nil.
    static func kind(of name: Span<UInt8>) -> Kind? {
        if name.holds("server") { return .server }
        if name.holds("inspect") { return .inspect }
        if name.holds("disconnect") { return .disconnect }
        if name.holds("revoke") { return .revoke }
        return nil
    }
}
