public import Chat

/// Somebody's role in each room.
public struct Rights: Equatable, Sendable {
    /// What a token says about the rooms of one pattern.
    public enum Grant: Equatable, Sendable {
        case role(Role)
        /// The rooms are closed.
        case none
    }

    /// Exact names first, then prefixes, the longest first. The first that matches counts. If it is
    /// there, rooms that nothing matches are closed.
    private let rooms: [Entry]?
    /// The role in every room if `rooms` is nil, and on the whole server.
    public let role: Role

    private struct Entry: Equatable {
        let pattern: RoomPattern
        let grant: Grant

        /// The order of comparison: the smallest rank first.
        var rank: Int {
            switch pattern {
            case .exactly: 0
            case .prefix(let prefix): 1 + RoomName.lengthLimit - prefix.count
            }
        }

        var moderates: Bool {
            switch grant {
            case .role(let role): role >= .moderator
            case .none: false
            }
        }
    }

    public init(role: Role, rooms: [RoomPattern: Grant]? = nil) {
        self.role = role
        self.rooms = rooms.map { rooms in
            rooms.map { Entry(pattern: $0.key, grant: $0.value) }.sorted { $0.rank < $1.rank }
        }
    }

    /// Whether there may be a room that somebody with these rights moderates.
    public var moderatesAnywhere: Bool {
        guard let rooms else { return role >= .moderator }
        return rooms.contains { $0.moderates }
    }

    /// The rooms of which the rights say by name that they may be moderated.
    public var moderatedRooms: [RoomName] {
        (rooms ?? []).compactMap { entry in
            guard entry.moderates, case .exactly(let name) = entry.pattern else { return nil }
            return name
        }
    }

    /// The role in a room. Nil if the room is closed.
    public func role(in room: RoomName) -> Role? {
        guard let rooms else { return role }
        guard let entry = rooms.first(where: { $0.pattern.matches(room) }) else { return nil }
        switch entry.grant {
        case .role(let role): return role
        case .none: return nil
        }
    }
}
