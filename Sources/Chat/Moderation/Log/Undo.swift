/// Which changes can be undone.
package enum Undo {
    /// The usual time in which they can, in milliseconds.
    package static let standardPeriod: Int64 = 600_000

    private static let actions = [
        "delete", "purge", "timeout", "ban", "settings", "panic", "terms",
    ]

    /// A change, as the log has it.
    package struct Entry {
        let action: String
        let time: Timestamp
        let rank: Badge
        let isUndone: Bool

        package init(action: String, time: Timestamp, rank: Badge, isUndone: Bool) {
            (self.action, self.time, self.rank) = (action, time, rank)
            self.isUndone = isUndone
        }
    }

    /// Throws if an author can't undo a change. Nil is one that isn't there.
    package static func check(
        _ entry: Entry?, by author: Author, at time: Timestamp, period: Int64
    ) throws(Refusal) {
        guard author.moderates, let rank = author.badge else { throw .notModerator }
        guard let entry, actions.contains(entry.action), !entry.isUndone else {
            throw .nothingToUndo
        }
        guard entry.rank <= rank else { throw .betterRank }
        guard time.milliseconds - entry.time.milliseconds < period else { throw .undoExpired }
    }
}
