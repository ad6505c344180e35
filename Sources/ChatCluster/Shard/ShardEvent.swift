package import Chat

/// What happens on a node's connections to a shard.
package enum ShardEvent: Equatable, Sendable {
    /// Both connections are there: one for commands, and one on which the shard tells news.
    case connected
    /// A connection is gone, and commands without an answer may have been carried out. Nothing is
    /// subscribed. It connects again by itself. The reason is for the operator.
    case disconnected(reason: String)
    /// The answer to the command with this number.
    case answered(UInt64, ShardReply)
    /// Publications of the room arrive from now on.
    case subscribed(RoomName)
    case published(RoomName, Publication)
    /// Older lines of the room than this one were deleted because of their age or number. It comes
    /// on the same subscription, may be lost, and may come twice or late.
    case pruned(RoomName, oldest: UInt64)
    /// News for all nodes. They arrive from ``connected`` on, without being subscribed to. They may
    /// be lost, and may come twice or late.
    indirect case news([NumberedNews])
    /// On the same subscription as the room's publications.
    indirect case present(RoomName, PresenceNotice)
}
