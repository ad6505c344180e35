/// What a node asks of a shard, which must be the same on all nodes.
package struct ShardTerms: Sendable {
    /// The most shards of a cluster: ids of lines that wait have eight bits for them.
    static let shards = 256

    /// Which of the shards it is.
    package var shard = 0
    /// How many replicas of a shard must have a line before it is acknowledged.
    package var replicas = 0
    /// About how many entries of a room are kept. 0: all.
    package var entries = 0
    /// The age in milliseconds at which a line is deleted. 0: never.
    package var age: Int64 = 0
    /// What the nodes have in common. Nil but for the first shard.
    package var secrets: ClusterSecrets?
}
