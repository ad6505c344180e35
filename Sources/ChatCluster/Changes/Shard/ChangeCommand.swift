package import Chat

/// What a node asks of a shard about changes, lines that wait, and news. The rules of changes are
/// not the shard's: a node reads what it needs, decides, and writes only if nothing has changed in
/// the meantime.
package enum ChangeCommand: Equatable, Sendable {
    /// Reads what changes add up to, of rooms behind this one in the order of their names' bytes,
    /// as many as a page takes. ``RoomName/everywhere`` is the first of all.
    case survey(after: RoomName?)
    /// Reads the lines that wait, behind this one, as many as a page takes.
    case waiting(after: UInt64)
    /// Reads the texts of all ``ServerNotice/revoked(_:)``.
    case revocations
    /// Reads the news after a number, as many as a page takes.
    case news(after: UInt64)

    /// Looks up what a change is about.
    case consult(RoomName, ChangeQuestion)
    /// Reads lines with numbers below one of them, the newest first, as many as a page takes, with
    /// those that were brought back. Deleted ones are missing.
    case scan(RoomName, below: UInt64)
    /// Makes a change, if it is the next one of the room. See ``ChangeWrite``.
    case make(RoomName, Epoch, ChangeWrite)
    /// Deletes the texts of some more lines that a change has deleted, at most
    /// ``ShardLimits/erasedLines``.
    case erase(RoomName, rev: UInt64)
    /// Reads which changes have lines whose texts are yet to be deleted.
    case unerased
    /// Reads the log of moderation before a change, the newest first.
    case log(RoomName, before: UInt64, limit: Int)

    /// Keeps lines that wait. `group` is as in ``ShardCommand/append``, in a count of its own. A
    /// line whose key waits already is the one that waits.
    case hold(NodeRun, group: UInt64, [HeldRequest.Hold])
    /// Says those of these lines that still wait, all of one room. They wait no more. `group` is
    /// in the count of ``hold(_:group:_:)``.
    case release(NodeRun, group: UInt64, RoomName, Epoch, [UInt64], at: Timestamp)
    /// These lines are never said, those of them that still wait.
    case drop([UInt64])
    /// Tells all nodes something, and keeps it if it must outlive them: see ``revocations``.
    case notify(NodeRun, ServerNotice)
}
