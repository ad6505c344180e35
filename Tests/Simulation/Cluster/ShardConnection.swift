internal import Chat

/// A node's connections to a simulated shard.
struct ShardConnection {
    /// Counts up each time that they break.
    var life = 0
    var isUp = false
    /// What the node is subscribed to.
    var rooms: Set<RoomName> = []
    /// When the node and the shard hear each other again.
    var partitionEnd: UInt64 = 0
    /// When the last command, answer and message arrive. Later ones don't overtake them.
    var lastCommand: UInt64 = 0
    var lastAnswer: UInt64 = 0
    var lastMessage: UInt64 = 0
}
