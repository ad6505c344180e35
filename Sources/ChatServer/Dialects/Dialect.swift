/// Which of the two dialects of the chat protocol a WebSocket speaks.
enum Dialect: UInt8 {
    /// No subprotocol: one room, lines, and errors.
    case plain
    /// The subprotocol `hubbub.v1`: commands and events.
    case rich
}
