package import Chat

/// What a node wants of its connections to a shard, in order.
package enum ShardEffect: Equatable, Sendable {
    /// The number names the command in its answer. It counts up from 0 and never begins anew.
    case command(UInt64, ShardCommand)
    case subscribe(RoomName)
    case unsubscribe(RoomName)
    /// Close both connections and connect again: the shard doesn't answer.
    case reconnect
}
