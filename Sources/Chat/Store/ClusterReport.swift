/// How a node of a cluster fares, for metrics.
public struct ClusterReport: Equatable, Sendable {
    /// How the node and a shard get on.
    public struct Shard: Equatable, Sendable {
        /// Whether it takes lines.
        public let isReady: Bool
        public let counts: ShardCounts
        /// The times from a question of the node to the shard's answer.
        public let roundTrips: DurationHistogram

        public init(isReady: Bool, _ counts: ShardCounts, roundTrips: DurationHistogram) {
            (self.isReady, self.counts, self.roundTrips) = (isReady, counts, roundTrips)
        }
    }

    /// The node's name.
    public let node: String
    /// The shards, in the order in which the operator has named them.
    public let shards: [Shard]

    public init(node: String, shards: [Shard]) {
        (self.node, self.shards) = (node, shards)
    }
}
