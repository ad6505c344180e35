package import Chat

/// The answer to a ``ChangeQuestion``, as of one moment.
package struct ChangeBasis: Equatable, Sendable {
    /// A change that was made with the same key.
    package struct Known: Equatable, Sendable {
        package let rev: UInt64
        /// ``Moderation/digest`` of what was wanted.
        package let digest: UInt64

        package init(rev: UInt64, digest: UInt64) { (self.rev, self.digest) = (rev, digest) }
    }

    /// A change that is to be undone.
    package struct Undoing: Equatable, Sendable {
        /// Without the lines.
        package let entry: LedgerEntry
        /// The lines that it has deleted and that can be brought back, in order, as many as are
        /// asked for: ``ShardLimits/keptLines``.
        package var kept: [Line] = []
        /// Whether more of them are yet to be erased.
        package var isErasing = false

        package init(_ entry: LedgerEntry) { self.entry = entry }
    }

    /// The position of the room.
    package var last: RoomCursor
    /// The number of the last news.
    package var news: UInt64
    package var known: Known?
    /// Those of the named lines that exist, in order.
    package var lines: [OriginLine] = []
    /// Nil if there is no such change, or it isn't known any more.
    package var undoing: Undoing?

    package init(last: RoomCursor, news: UInt64) { (self.last, self.news) = (last, news) }
}
