/// What a client of the rich dialect asks for.
public enum Command: Equatable, Sendable {
    case join(room: RoomName, username: String?, start: JoinStart)
    case leave(room: RoomName)
    case message(room: RoomName, message: String, username: String?)
    /// At most `limit` lines with numbers below `before`.
    case history(room: RoomName, before: UInt64, limit: Int)
    case members(room: RoomName)

    /// The most bytes of a command's `id`.
    public static let idLengthLimit = 64
    /// The most lines that one command may ask for: about a screen of them, many times over.
    public static let lineLimit = 200

    /// Reads one text frame. Only the form is checked here, and the room's name; what user names
    /// and messages may be, `ChatText` knows.
    ///
    /// Unknown fields are ignored, those of other commands among them. Where a field is there
    /// twice the last one counts, which RFC 8259 section 4 leaves open and most implementations
    /// do. What is wrong is looked for in this order:
    /// - JSON that is broken anywhere is `invalid_json`, without an id.
    /// - What is no object, and an `id` that isn't a string of 1 to ``idLengthLimit`` bytes, is
    ///   `invalid_command`, without an id. From here on the id is carried back, wherever it stands.
    /// - A `type` that is missing or no string is `invalid_command`, another one `unknown_type`.
    /// - A field that is missing, of a wrong type or out of range is `invalid_command`, a room's
    ///   name that isn't one `invalid_room`.
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
}
