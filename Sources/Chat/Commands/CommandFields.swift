/// The location of each field in a command's JSON, before its `type` says which ones it needs.
/// Finding them allocates nothing.
struct CommandFields {
    private enum Name {
        case id, type, room, username, message, before, limit, history, after, token, rev
    }

    private enum Kind: String, CaseIterable {
        case join, leave, message, history, members, auth, announce
    }

    private var id = JSONField.missing
    private var type = JSONField.missing
    private var room = JSONField.missing
    private var username = JSONField.missing
    private var message = JSONField.missing
    private var before = JSONField.missing
    private var limit = JSONField.missing
    private var history = JSONField.missing
    private var after = AfterField.missing
    private var token = JSONField.missing
    private var rev = JSONField.missing

    /// Scans a whole text.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            try take(Self.name(of: key, in: text), from: &scanner, in: text)
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
    }

    /// The command's id, or nil if it has none.
    func checkedID(in text: Span<UInt8>) throws(Refusal) -> String? {
        guard let field = id.present else { return nil }
        let limit = Command.idLengthLimit
        let id = try field.string(named: "id", as: "a string of 1 to \(limit) bytes", in: text)
        guard 1...limit ~= id.utf8.count else { throw .invalidID(length: id.utf8.count) }
        return id
    }

    /// The command that `type` names.
    func command(in text: Span<UInt8>) throws(Refusal) -> Command {
        let name = try type.text(named: "type")
        guard let kind = try name.withBytes(in: text, Self.kind(of:)) else {
            return try moderation(name, in: text)
        }
        // The only command without a room.
        guard kind != .auth else {
            return .auth(token: try token.string(named: "token", in: text))
        }
        let room = try roomName(in: text)
        switch kind {
        case .auth: preconditionFailure("auth has no room")
        case .join:
            return .join(
                room: room, username: try checkedUsername(in: text), start: try start(in: text),
                rev: try rev.present?.whole(named: "rev"))
        case .leave:
            return .leave(room: room)
        case .message:
            return .message(
                room: room, message: try message.string(named: "message", in: text),
                username: try checkedUsername(in: text))
        case .history:
            return .history(
                room: room, before: try before.whole(named: "before"),
                limit: try limit.whole(named: "limit", in: 1...Command.lineLimit))
        case .members:
            return .members(room: room)
        case .announce:
            return try announcement(for: room, in: text)
        }
    }

    /// The command `announce`, whatever `type` says.
    func announcement(for room: RoomName, in text: Span<UInt8>) throws(Refusal) -> Command {
        .announce(room: room, message: try message.string(named: "message", in: text))
    }

    private func moderation(
        _ name: JSONScanner.Text, in text: Span<UInt8>
    ) throws(Refusal) -> Command {
        guard let kind = try name.withBytes(in: text, ModerationFields.kind(of:)) else {
            guard let kind = try name.withBytes(in: text, OversightFields.kind(of:)) else {
                throw .unknownType(
                    known: Kind.allCases.map(\.rawValue)
                        + ModerationFields.Kind.allCases.map(\.rawValue)
                        + OversightFields.Kind.allCases.map(\.rawValue))
            }
            return .oversee(try OversightFields(text).oversight(kind, in: text))
        }
        let room = try roomName(in: text, orEverywhere: kind.mayBeEverywhere)
        return try ModerationFields.command(kind, for: room, in: text)
    }

    private func roomName(
        in text: Span<UInt8>, orEverywhere mayBeEverywhere: Bool = false
    ) throws(Refusal) -> RoomName {
        let value = try room.text(named: "room")
        if mayBeEverywhere, value.equals("*", in: text) { return .everywhere }
        guard let name = try value.withBytes(in: text, { RoomName($0) }) else {
            throw .invalidRoom
        }
        return name
    }

    private func checkedUsername(in text: Span<UInt8>) throws(Refusal) -> String? {
        try username.present?.string(named: "username", in: text)
    }

    /// `after` is more precise: if it is present, `history` is ignored.
    private func start(in text: Span<UInt8>) throws(Refusal) -> JoinStart {
        if let start = try after.start(in: text) { return start }
        guard let history = history.present else { return .standard }
        return .last(try history.whole(named: "history", in: 0...Command.lineLimit))
    }

    private mutating func take(
        _ name: Name?, from scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(Refusal) {
        switch name {
        case .id: id = try JSONField(&scanner, in: text)
        case .type: type = try JSONField(&scanner, in: text)
        case .room: room = try JSONField(&scanner, in: text)
        case .username: username = try JSONField(&scanner, in: text)
        case .message: message = try JSONField(&scanner, in: text)
        case .before: before = try JSONField(&scanner, in: text)
        case .limit: limit = try JSONField(&scanner, in: text)
        case .history: history = try JSONField(&scanner, in: text)
        case .after: after = try AfterField(&scanner, in: text)
        case .token: token = try JSONField(&scanner, in: text)
        case .rev: rev = try JSONField(&scanner, in: text)
        case nil: try scanner.skipValue(in: text)
        }
    }

    private static func kind(of name: Span<UInt8>) -> Kind? {
        if name.holds("message") { return .message }
        if name.holds("join") { return .join }
        if name.holds("leave") { return .leave }
        if name.holds("history") { return .history }
        if name.holds("members") { return .members }
        if name.holds("auth") { return .auth }
        if name.holds("announce") { return .announce }
        return nil
    }

    private static func name(
        of key: JSONScanner.Text, in text: Span<UInt8>
    ) throws(Refusal) -> Name? {
        try key.withBytes(in: text) { key in
            if key.holds("type") { return .type }
            if key.holds("id") { return .id }
            if key.holds("room") { return .room }
            if key.holds("message") { return .message }
            if key.holds("username") { return .username }
            if key.holds("before") { return .before }
            if key.holds("limit") { return .limit }
            if key.holds("history") { return .history }
            if key.holds("after") { return .after }
            if key.holds("token") { return .token }
            if key.holds("rev") { return .rev }
            return nil
        }
    }
}

/// The value of a command's `after`: an object with a string `epoch` and a whole number `seq`.
private enum AfterField {
    case missing
    case object(epoch: JSONField, seq: JSONField)
    case other(JSONScanner.Kind)

    /// Takes the next value.
    init(_ scanner: inout JSONScanner, in text: Span<UInt8>) throws(Refusal) {
        let kind = try scanner.kind(in: text)
        guard kind == .object else {
            try scanner.skipValue(in: text)
            self = .other(kind)
            return
        }
        var epoch = JSONField.missing
        var seq = JSONField.missing
        var nextKey = try scanner.firstKey(in: text)
        while let key = nextKey {
            if key.equals("epoch", in: text) {
                epoch = try JSONField(&scanner, in: text)
            } else if key.equals("seq", in: text) {
                seq = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        self = .object(epoch: epoch, seq: seq)
    }

    func start(in text: Span<UInt8>) throws(Refusal) -> JoinStart? {
        switch self {
        case .missing: return nil
        case .other(let kind):
            throw .wrongType(
                of: "after", kind,
                expected: #"an object with a string "epoch" and a whole number "seq""#)
        case .object(let epoch, let seq):
            return .resume(
                epoch: try epoch.string(named: "after.epoch", in: text),
                seq: try seq.whole(named: "after.seq"))
        }
    }
}
