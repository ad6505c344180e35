package import Chat

/// What a node asks of a shard about the members of rooms. It belongs to an epoch: when one begins,
/// the shard knows of no node and no member.
///
/// A node that lives attends regularly. The shard measures no time: the nodes notice whose
/// attendance doesn't grow any more.
package enum PresenceCommand: Equatable, Sendable {
    /// The node lives. The number grows with each attendance of the run. Asks who attends, and for
    /// the versions of rooms.
    case attend(NodeRun, number: UInt64, Epoch, rooms: [RoomName])
    /// The node has these members in a room now. The number counts what the run has told. The room
    /// gets the next version, and its followers get a ``PresenceNotice``. If the run has told a
    /// higher number of this room already, on a later connection, nothing happens. If another run
    /// of the node attends, nothing happens either, and the command isn't taken.
    case tell(NodeRun, number: UInt64, Epoch, RoomName, RoomPresence)
    /// Reads who is in a room. Members of nodes that don't attend are left out, and may be deleted.
    case read(Epoch, RoomName)
    /// A node has died: it doesn't attend any more. Nothing happens if its attendance is another
    /// one by now.
    case bury(Attendance, Epoch)
}
