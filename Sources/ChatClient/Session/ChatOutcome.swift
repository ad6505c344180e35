/// What a chat session wants to be done, or to be shown, in this order.
public enum ChatOutcome: Equatable, Sendable {
    /// To be sent on this connection.
    case send(ClientCommand)
    /// The connection is dead, though nobody has said so: why. It is to be dropped.
    case drop(reason: String)

    case welcomed(ServerEvent.Welcome)
    /// A room was entered. `jumped`: nobody knows what was missed since the last connection, and
    /// the last lines follow.
    case joined(ServerEvent.Joined, jumped: Bool)
    /// The server doesn't let us into a room, or has put us out.
    case refusedRoom(String, ServerEvent.Problem)
    /// The next line of its room.
    case line(ServerEvent.Message)
    /// These lines were missed, in their place in the order.
    case missed(ServerEvent.Gap)
    /// What could be fetched of lines that were missed, oldest first.
    case recalled(ServerEvent.Gap, [ServerEvent.Message])
    case presence(ServerEvent.Presence)
    case members(ServerEvent.Members)
    case closing(ServerEvent.Closing)

    /// A line of ours has this number.
    case acknowledged(PendingLine, seq: UInt64)
    /// A line of ours was not taken for now, and will be sent again.
    case delayed(PendingLine, ServerEvent.Problem)
    /// A line of ours is refused, and given up.
    case refused(PendingLine, ServerEvent.Problem)
    /// A line of ours is given up: it was sent so long ago that the server would not know it
    /// again, and nobody knows whether it was said.
    case uncertain(PendingLine)
    /// Something else was refused.
    case problem(ServerEvent.Problem)
}
