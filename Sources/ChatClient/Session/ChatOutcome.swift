/// What a chat session asks its caller to do or to show, in this order.
public enum ChatOutcome: Equatable, Sendable {
    /// Send this command on the connection.
    case send(ClientCommand)
    /// Drop the connection, which has died without notice. Carries the reason.
    case drop(reason: String)

    case welcomed(ServerEvent.Welcome)
    /// A room was entered. If `jumped`, it isn't known what was missed since the last connection,
    /// and the last lines follow.
    case joined(ServerEvent.Joined, jumped: Bool)
    /// The server refuses to let us into a room, or has removed us from it.
    case refusedRoom(String, ServerEvent.Problem)
    /// The next line of its room.
    case line(ServerEvent.Message)
    /// These lines were missed, at this position in the order.
    case missed(ServerEvent.Gap)
    /// A room has begun another epoch. So many of the last lines that were seen are lost.
    case began(ServerEvent.Epoch, lost: UInt64)
    /// The missed lines that could be fetched, oldest first.
    case recalled(ServerEvent.Gap, [ServerEvent.Message])
    case presence(ServerEvent.Presence)
    case members(ServerEvent.Members)
    case closing(ServerEvent.Closing)

    /// A line of ours has this number.
    case acknowledged(PendingLine, seq: UInt64)
    /// A line of ours was not accepted now, and will be sent again.
    case delayed(PendingLine, ServerEvent.Problem)
    /// A line of ours was refused and is given up.
    case refused(PendingLine, ServerEvent.Problem)
    /// A line of ours is given up, and it isn't known whether it was said: it was sent so long ago
    /// that the server wouldn't recognise it any more.
    case uncertain(PendingLine)
    /// A line of ours waits for a moderator, under this name.
    case waits(held: String)
    /// A moderator has decided about a held line; `line` if it is ours.
    case decided(held: String, PendingLine?, isReleased: Bool)
    /// Lines were deleted.
    case removed(ServerEvent.Removal)
    case restored(ServerEvent.Restored)
    case settings(room: String, RoomSettings)
    /// A line of somebody else waits for a moderator.
    case held(ServerEvent.Held)
    case log(ServerEvent.ModerationLog)
    /// Our command as a moderator was carried out.
    case carriedOut(ModerationCommand, ServerEvent.Ack)
    case refusedOrder(ModerationCommand, ServerEvent.Problem)

    /// Another command was refused.
    case problem(ServerEvent.Problem)
}
