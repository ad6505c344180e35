/// What a node asks of its shards, which must be the same on all nodes.
package struct ShardTerms: Sendable {
    /// How many replicas of a shard must have a line before it is acknowledged.
    package var replicas = 0
    /// About how many entries of a room are kept. 0: all.
    package var entries = 0
    /// What the nodes have in common. Nil but for the first shard.
    package var secrets: ClusterSecrets?
}
