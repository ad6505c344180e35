package import Chat

/// A change that a node has decided on, with all that it means for what the shard keeps. It is done
/// as a whole or not at all:
///
/// - The last change of the room must be the one before `change`; the lines that the change rejects
///   or approves (``RoomChange/heldLines``) must wait; and of a change that is undone, the lines
///   must still be kept. Otherwise nothing is done.
/// - The change becomes an entry of the room's stream at the current line, without texts
///   (``RoomChange/withoutTexts``), and is published to the followers of the room with them.
/// - The room's state is edited, and `entry` is added to its log. If the change undoes another one,
///   the entry of that one says so.
/// - The lines of ``RoomChange/goneLines`` leave the stream, or those that were brought back, and
///   are kept apart until the time to undo the change is over. At most
///   ``ShardLimits/erasedLines`` do so at once: the others wait for
///   ``ChangeCommand/erase(_:rev:)``.
/// - The lines of an undone change are kept apart for good, and are read with the others.
/// - Rejected lines wait no more, and an approved one is marked.
/// - ``NodeNews/change(_:_:)`` tells all nodes, without lines (``RoomChange/withoutLines``).
package struct ChangeWrite: Equatable, Sendable {
    /// Its ``RoomChange/after`` means nothing: the shard gives it.
    package let change: RoomChange
    package let entry: LedgerEntry
    package let edits: [StateEdit]
    /// What it is recognised by, for ``ShardLimits/changeKeys``.
    package let key: ChangeKey?
    package let digest: UInt64
    /// How long it can be undone, in milliseconds.
    package let undoPeriod: Int64
}
