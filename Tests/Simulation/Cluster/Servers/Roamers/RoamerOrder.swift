/// What a moderator or an owner orders.
enum RoamerOrder: Equatable {
    case delete(room: String, seqs: [UInt64])
    case pin(room: String, seq: UInt64)
    case freeze(room: String, Bool)
    case ban(room: String, sub: String)
    case disconnect(sub: String)
    case revoke(sub: String)
}
