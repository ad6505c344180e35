/// The answer of a shard to a ``PresenceCommand``.
package enum PresenceReply: Equatable, Sendable {
    /// All nodes that attend, the one that asks included, and the versions of the rooms, in the
    /// order of the question. The version is 0 if nothing was told of a room.
    case attended([Attendance], versions: [UInt64])
    case told(isTaken: Bool)
    case read(RoomMembers)
    case buried
}
