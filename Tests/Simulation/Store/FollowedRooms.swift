internal import Chat

/// The rooms whose entries a simulated store sends to its server.
struct FollowedRooms {
    enum Hearing {
        case all
        /// The server has stopped following the room. It may get some entries, or none.
        case some
        case nothing
    }

    /// A missing room gets no entries.
    private var rooms: [RoomName: Hearing] = [:]
    /// Whether the server was told that it lags in some room.
    private(set) var hasLagged = false

    func hearing(of room: RoomName) -> Hearing { rooms[room] ?? .nothing }

    mutating func followed(_ room: RoomName) { rooms[room] = .all }

    /// The server has stopped following a room, or was told that it can't follow it.
    mutating func gaveUp(_ room: RoomName) {
        if rooms[room] != nil { rooms[room] = .some }
    }

    /// Another epoch has begun. Nothing is followed any more.
    mutating func epochBegan() { rooms = [:] }

    /// The server was told that it lags.
    mutating func lagged(_ room: RoomName) {
        rooms[room] = nil
        hasLagged = true
    }
}
