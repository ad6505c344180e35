internal import Chat

/// How far a node has read what changes add up to on a shard.
enum ShardOpening {
    case states(after: RoomName?)
    case held(after: UInt64)
    case revocations
    case done

    /// The command that reads the next page.
    var command: ChangeCommand? {
        switch self {
        case .states(let room): .survey(after: room)
        case .held(let id): .waiting(after: id)
        case .revocations: .revocations
        case .done: nil
        }
    }
}
