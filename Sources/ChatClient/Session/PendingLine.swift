internal import Reactor

/// A line of ours that the server hasn't acknowledged yet.
public struct PendingLine: Equatable, Sendable {
    /// The same each time it is sent, so that the server says the line once.
    public let id: String
    public let room: String
    public let text: String
    /// When it was first sent, if the server may have accepted it since.
    var firstSent: Instant?
    /// Whether it was sent on this connection and hasn't been answered.
    var isInFlight = false
    /// The earliest time to send it again.
    var notBefore: Instant?

    init(id: String, room: String, text: String) {
        (self.id, self.room, self.text) = (id, room, text)
    }
}
