/// What has happened between a node of a cluster and a shard, for metrics. All numbers only grow.
public struct ShardCounts: Equatable, Sendable {
    /// Connections that the shard has accepted the node on.
    public package(set) var connections = 0
    /// Rooms whose state was read.
    public package(set) var openings = 0
    /// Entries that this node has had deleted because of their age or number.
    public package(set) var prunedEntries = 0
    /// Lost messages that were noticed by a later one, and read.
    public package(set) var repairs = 0
    /// The same, noticed by a beat.
    public package(set) var lateRepairs = 0
    /// Epochs that the node has begun.
    public package(set) var epochs = 0
    /// Times that another epoch has followed the one that the node was in.
    public package(set) var epochChanges = 0
    /// Chunks of lines that were sent, and those whose answer was lost.
    public package(set) var appends = 0
    public package(set) var lostAnswers = 0

    public init() {}
}
