/// The dialect of the chat protocol that a WebSocket uses.
enum Dialect: UInt8 {
    /// No subprotocol: one room, lines, and errors.
    case plain
    /// The subprotocol `hubbub.v1`: commands and events.
    case rich
}
