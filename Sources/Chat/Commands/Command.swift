/// A command of a client of the rich dialect.
public enum Command: Equatable, Sendable {
    /// `rev` is the last change that the client knows, if it takes changes.
    case join(room: RoomName, username: String?, start: JoinStart, rev: UInt64? = nil)
    case leave(room: RoomName)
    case message(room: RoomName, message: String, username: String?)
    /// Asks for at most `limit` lines with numbers below `before`.
    case history(room: RoomName, before: UInt64, limit: Int)
    case members(room: RoomName)
    /// States who the client is, or renews that.
    case auth(token: String)
    // Indirect, so that each copy of a command isn't as large as the largest change.
    /// Changes a room.
    indirect case moderate(room: RoomName, Moderation)
    /// Lists changes of a room.
    indirect case report(room: RoomName, ReportQuery)
    /// Makes the room itself say a line.
    case announce(room: RoomName, message: String)
    /// Looks at the whole server, or acts on it.
    indirect case oversee(Oversight)

    /// The largest `id` of a command, in bytes.
    public static let idLengthLimit = 64
    /// The largest number of lines that one command may ask for. This fills many screens.
    public static let lineLimit = 200

    /// Parses one text frame. Only the form and the room's name are checked here; ``ChatText``
    /// checks user names and messages.
    ///
    /// Unknown fields are ignored, and so are fields of other commands. If a field appears twice,
    /// the last one counts: RFC 8259 section 4 leaves this open, and most implementations do the
    /// same. Errors are looked for in this order:
    /// - JSON that is broken anywhere is `invalid_json`, without an id.
    /// - Anything but an object, or an `id` that isn't a string of 1 to ``idLengthLimit`` bytes, is
    ///   `invalid_command`, without an id. All later errors carry the id, wherever it is.
    /// - A `type` that is missing or not a string is `invalid_command`; an unknown one is
    ///   `unknown_type`.
    /// - A field that is missing, has the wrong type or is out of range is `invalid_command`; an
    ///   invalid room name is `invalid_room`.
    public static func parse(_ text: Span<UInt8>) -> CommandEnvelope {
        var id: String?
        do throws(Refusal) {
            let fields = try CommandFields(text)
            id = try fields.checkedID(in: text)
            return CommandEnvelope(id: id, command: .success(try fields.command(in: text)))
        } catch {
            return CommandEnvelope(id: id, command: .failure(error))
        }
    }

    /// The command of a moderator or an operator that has this name in its `type`, with the fields
    /// of an object, which is the content of a request. The object's own `type`, `room` and `id`
    /// are ignored.
    public static func parse(
        _ text: Span<UInt8>, named name: String, for room: RoomName
    ) throws(Refusal) -> Command {
        let fields = try CommandFields(text)
        if name == "announce" { return try fields.announcement(for: room, in: text) }
        if let kind = OversightFields.Kind(rawValue: name) {
            return .oversee(try OversightFields(text).oversight(kind, in: text))
        }
        guard let kind = ModerationFields.Kind(rawValue: name) else {
            preconditionFailure("there is no command \(name)")
        }
        return try ModerationFields.command(kind, for: room, in: text)
    }
}
