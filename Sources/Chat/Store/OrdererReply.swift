/// A reply of an orderer to its follower.
// What comes with each line is inline. The rest is indirect, so that a reply isn't as large as the
// largest, and a copy of it counts few references.
public enum OrdererReply: Equatable, Sendable {
    /// The orderer is open, and submissions may succeed.
    indirect case ready(OrdererOpening)
    /// The orderer checks what it has kept, or repairs it, before it is open, which may take
    /// minutes. Submissions wait until ``ready(_:)``, or until ``failing(reason:)``.
    case checking
    /// Submissions fail from now on, in some rooms or in all, until ``recovered``, or until
    /// ``ready(_:)`` if the orderer was never open. The reason is for the operator. Reads are still
    /// answered as far as possible.
    case failing(reason: String)
    /// Submissions may succeed again.
    case recovered
    /// The outcome of the oldest unanswered ``OrdererRequest/append(_:)``: one answer for each
    /// submission, in order.
    case answered([SubmissionAnswer])
    /// The outcome of the change with this id. It comes after the entry.
    indirect case changed(id: UInt64, ChangeAnswer)
    /// The answer to a request about lines that wait.
    indirect case held(HeldReply)
    /// Another server has done this. It may come again.
    indirect case notified(ServerNotice)
    /// The answer to the report with this id. Nil if it can't be read.
    indirect case reported(id: UInt64, Report?)
    /// The room's state. Its later entries follow.
    indirect case following(RoomName, RoomSnapshot)
    /// The room can't be read now, and isn't followed.
    case followFailed(RoomName)
    /// The next entries of a followed room, in order.
    case entries(RoomName, [RoomEntry])
    /// The mailbox was full. The room isn't followed any more, and entries of it were left out.
    case lagging(RoomName)
    /// The page that was read from number `from` on.
    indirect case read(RoomName, from: UInt64, RoomPage)
    case readFailed(RoomName, from: UInt64)
    /// Old lines of a room were deleted because of their age or number. `oldest` is the first one
    /// left.
    case pruned(RoomName, oldest: UInt64)
    /// The members of a followed room on all other servers are these now.
    indirect case present(RoomName, RoomPresence)
}
