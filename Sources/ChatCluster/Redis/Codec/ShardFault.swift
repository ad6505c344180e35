/// What a shard says makes no sense, or it has lost its scripts: connect again. The reason is a
/// phrase for the operator.
struct ShardFault: Error, Equatable {
    let reason: String
}
