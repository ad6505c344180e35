/// The lives of all rooms, as far as any client knows them.
struct RoomLives {
    private var lives: [String: [RoomLife]] = [:]

    var all: some Sequence<RoomLife> { lives.values.joined() }

    /// Begins a life of which nothing is known yet.
    mutating func begin(_ room: String, epoch: String? = nil) -> RoomLife {
        let life = RoomLife(room: room, epoch: epoch)
        lives[room, default: []].append(life)
        return life
    }

    /// The life of a room that can have only one.
    mutating func only(of room: String) -> RoomLife {
        lives[room]?.first ?? begin(room)
    }

    /// The life of a room in an epoch.
    mutating func life(of room: String, epoch: String) -> RoomLife {
        known(of: room, epoch: epoch) ?? begin(room, epoch: epoch)
    }

    /// The life of a room in an epoch, or nil if no client knows it.
    func known(of room: String, epoch: String) -> RoomLife? {
        lives[room]?.first { $0.epoch == epoch }?.whole
    }
}
