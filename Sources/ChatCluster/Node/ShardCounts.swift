/// What has happened between a node and a shard, for metrics. All numbers only grow.
package struct ShardCounts: Equatable, Sendable {
    /// Connections that the shard has accepted the node on.
    package internal(set) var connections = 0
    /// Rooms whose state was read.
    package internal(set) var openings = 0
    /// Entries that this node has had deleted because of their age or number.
    package internal(set) var prunedEntries = 0
    /// Lost messages that were noticed by a later one, and read.
    package internal(set) var repairs = 0
    /// The same, noticed by a beat.
    package internal(set) var lateRepairs = 0
    /// Epochs that the node has seen.
    package internal(set) var epochs = 0
    /// Chunks of lines that were sent, and sent again because the answer was lost.
    package internal(set) var appends = 0
    package internal(set) var repeatedAppends = 0
}
