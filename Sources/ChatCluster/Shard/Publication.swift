package import Chat

/// What a shard tells all nodes that follow a room. It may be lost, and it may come twice or late.
package struct Publication: Equatable, Sendable {
    package let epoch: Epoch
    /// The position before the first entry. A follower that is elsewhere has missed something.
    package let previous: RoomCursor
    /// Empty if the numbers go on at `previous` because a node has seen higher ones in an epoch
    /// that is lost.
    package let entries: [StoredEntry]

    package init(_ epoch: Epoch, after previous: RoomCursor, _ entries: [StoredEntry]) {
        self.epoch = epoch
        self.previous = previous
        self.entries = entries
    }
}
