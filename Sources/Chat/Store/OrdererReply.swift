/// What an orderer tells its follower.
public enum OrdererReply: Equatable, Sendable {
    /// The orderer is open, and submissions may succeed.
    case ready(OrdererOpening)
    /// From now on submissions fail, until ``recovered`` or, if it never was open, ``ready(_:)``.
    /// The reason is for the operator. Requests are still answered: what can be read is.
    case failing(reason: String)
    /// Submissions may succeed again.
    case recovered
    /// What became of the oldest ``OrdererRequest/append(_:)`` that was not answered: an answer for
    /// each submission, in their order.
    case answered([SubmissionAnswer])
    /// The room's state; its later entries follow.
    case following(RoomName, RoomSnapshot)
    /// The room can't be read now, and isn't followed.
    case followFailed(RoomName)
    /// The next entries of a followed room, in their order.
    case entries(RoomName, [RoomEntry])
    /// The mailbox was full: the room isn't followed any more, and entries of it were left out.
    case lagging(RoomName)
    /// What was asked for `from` this number.
    case read(RoomName, from: UInt64, RoomPage)
    case readFailed(RoomName, from: UInt64)
    /// Lines of a room were given up because of their age or number; `oldest` is left.
    case pruned(RoomName, oldest: UInt64)
}
