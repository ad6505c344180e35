/// A command of a moderator that the server hasn't answered yet.
struct PendingOrder: Equatable, Sendable {
    /// The same each time it is sent, so that the server carries it out once.
    let id: String
    let room: String
    let command: ModerationCommand
    /// Whether it was sent on this connection.
    var isInFlight = false

    init(id: String, room: String, command: ModerationCommand) {
        (self.id, self.room, self.command) = (id, room, command)
    }
}
