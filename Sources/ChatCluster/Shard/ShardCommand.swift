package import Chat

/// What a node asks of a shard. Each is carried out at once, as a whole or not at all, and answered
/// by the ``ShardReply`` of the same name, unless the connection ends.
package enum ShardCommand: Equatable, Sendable {
    /// The first one on each connection: takes the node's name.
    case enter(NodeRun)
    /// Renews the lease of the name, which ends after ``ShardLimits/lease`` milliseconds, and asks
    /// for the last positions of rooms.
    case beat(NodeRun, rooms: [RoomName])
    /// Begins an epoch, unless another node has begun one after `old`.
    case begin(Epoch, after: Epoch?)
    /// Rooms go on above these positions, and the ids of lines that wait above this one, all of
    /// which the node has seen in an earlier epoch.
    case raise(Epoch, [RoomName: RoomCursor], held: UInt64 = 0)
    /// Gives the lines their room's next numbers, and keeps and publishes them. `group` counts the
    /// appends of the run. If the last one comes again for the room, it is only answered again,
    /// whatever its epoch is: its lines may have outlived theirs. If an earlier one comes, on a
    /// connection that was given up, nothing is appended, and nobody reads the answer.
    case append(NodeRun, group: UInt64, RoomName, Epoch, [Submission])
    /// Reads the state of a room.
    case open(RoomName)
    /// Reads lines, as many as a page takes, with those that were brought back. The numbers of
    /// deleted ones are there as deleted lines.
    case read(RoomName, from: UInt64, through: UInt64)
    /// Reads the entries after a position, as many as a page takes. Lines that were deleted since
    /// then are missing: their numbers are skipped.
    case catchUp(RoomName, after: RoomCursor)
    /// Deletes some lines that are too many or too old, if it is time, and if no other node does.
    case trim(NodeRun)
    /// Changes of rooms, lines that wait, and news.
    indirect case changes(ChangeCommand)
    /// Asks about the members of rooms, or tells of them.
    indirect case presence(PresenceCommand)
}
