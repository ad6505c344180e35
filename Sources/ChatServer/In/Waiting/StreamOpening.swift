internal import Chat
internal import Identity
internal import WebSocket

/// What a request for an event stream asks for, and has yet to get.
struct StreamOpening {
    /// The rooms that it has yet to enter, in order.
    var rooms: [RoomName]
    /// The places from which it goes on in rooms. The others begin with their last lines.
    var places: [StreamPlace]
    /// How many last lines it wants.
    let history: Int
    /// Whether its events name places in several rooms.
    let isPlaced: Bool
    /// Who asks. Nil is a guest.
    let holder: Principal?
    let reply: APIReply

    /// Bytes of memory that it takes.
    var bytes: Int {
        MemoryLayout<StreamOpening>.size + rooms.count * MemoryLayout<RoomName>.size
            + places.count * MemoryLayout<StreamPlace>.size
    }

    /// Takes the next room, with the place from which it goes on there.
    mutating func takeRoom() -> (room: RoomName, place: StreamPlace?)? {
        guard !rooms.isEmpty else { return nil }
        let room = rooms.removeFirst()
        guard let at = places.firstIndex(where: { $0.room == room }) else { return (room, nil) }
        return (room, places.remove(at: at))
    }
}
