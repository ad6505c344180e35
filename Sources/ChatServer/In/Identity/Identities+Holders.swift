internal import Chat
internal import Identity
internal import Reactor

/// What is known of the holders of tokens, by their connections.
extension Identities {
    /// Whether the connection holds a token. A guest doesn't, nor a connection that has yet to say
    /// who it is.
    func isHolder(_ index: Int) -> Bool { holders[index]?.isHolder ?? false }

    /// The holder of the connection's token.
    func holder(_ index: Int, at now: Instant, wall: Int64) -> Principal? {
        guard let record = holders[index], record.isHolder else { return nil }
        return holders.principal(record, at: now, wall: wall)
    }

    /// The holder's `sub`.
    func sub(_ index: Int) -> String? {
        guard let record = holders[index], record.isHolder else { return nil }
        return holders.sub(record)
    }

    /// The name that the holder has in every room.
    func name(_ index: Int) -> String? { holders[index]?.name }

    /// What the holder may do. Nil for a guest.
    func rights(_ index: Int) -> Rights? {
        guard let record = holders[index], record.isHolder else { return nil }
        return record.rights
    }

    /// What lines of the connection in a room show of it.
    func author(_ index: Int, in room: RoomName) -> Author {
        guard let record = holders[index], record.isHolder else { return .guest }
        return Author(user: holders.sub(record), badge: record.rights.role(in: room)?.badge)
    }
}
