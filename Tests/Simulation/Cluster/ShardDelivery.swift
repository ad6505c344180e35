internal import Chat
internal import ChatCluster

/// Something that is on its way between a simulated shard and a node.
struct ShardDelivery {
    enum Content {
        /// The node tries to connect.
        case connect
        case command(UInt64, ShardCommand)
        case subscribe(RoomName)
        case unsubscribe(RoomName)
        case event(ShardEvent)
        /// The node and the shard hear each other again, or their connections break.
        case heal(breaks: Bool)
    }

    var time: UInt64
    /// The order in which things were sent.
    let number: UInt64
    let node: Int
    /// Which of the node's connections it is on.
    let life: Int
    let content: Content
    /// Whether it reaches the shard although the connection is gone.
    var survives = false

    func isBefore(_ other: ShardDelivery) -> Bool {
        (time, number) < (other.time, other.number)
    }
}
