package import Chat

/// What a node learns of a shard when it enters, and at each beat.
package struct ShardState: Equatable, Sendable {
    /// Nil if no epoch has begun.
    package let epoch: Epoch?
    /// Whether the epoch was begun on the same data: the same process of the same master. If not,
    /// entries that it acknowledged may be lost, and a new epoch must begin.
    package let isSameData: Bool
    /// The time on the clock of the shard.
    package let time: Timestamp
    /// The number of the last news to all nodes. See ``NodeNews``.
    package let news: UInt64
    /// Why it takes no lines now, for the operator. Nil if it takes them, as far as it knows.
    package let trouble: String?

    package init(
        epoch: Epoch?, isSameData: Bool, time: Timestamp, news: UInt64, trouble: String? = nil
    ) {
        self.trouble = trouble
        self.epoch = epoch
        self.isSameData = isSameData
        self.time = time
        self.news = news
    }
}
