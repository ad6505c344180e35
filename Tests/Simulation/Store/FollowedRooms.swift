internal import Chat

/// The rooms of which a simulated store tells its server.
struct FollowedRooms {
    enum Hearing {
        case all
        /// It has given the room up: it may be told some entries, or none.
        case some
        case nothing
    }

    /// Nothing is told of a room that is missing here.
    private var rooms: [RoomName: Hearing] = [:]
    /// The server was told of some room that it lags.
    private(set) var hasLagged = false

    func hearing(of room: RoomName) -> Hearing { rooms[room] ?? .nothing }

    mutating func followed(_ room: RoomName) { rooms[room] = .all }

    /// The server has given a room up, or was told that it can't follow it.
    mutating func gaveUp(_ room: RoomName) {
        if rooms[room] != nil { rooms[room] = .some }
    }

    /// The server was told that it lags.
    mutating func lagged(_ room: RoomName) {
        rooms[room] = nil
        hasLagged = true
    }
}
