/// The lives of all rooms, as far as anybody has heard of them.
struct RoomLives {
    private var lives: [String: [RoomLife]] = [:]

    var all: some Sequence<RoomLife> { lives.values.joined() }

    /// A life of which nothing is known yet.
    mutating func begin(_ room: String, epoch: String? = nil) -> RoomLife {
        let life = RoomLife(room: room, epoch: epoch)
        lives[room, default: []].append(life)
        return life
    }

    /// The only life of a room that has no other one.
    mutating func only(of room: String) -> RoomLife {
        lives[room]?.first ?? begin(room)
    }

    /// The life of a room in an epoch.
    mutating func life(of room: String, epoch: String) -> RoomLife {
        known(of: room, epoch: epoch) ?? begin(room, epoch: epoch)
    }

    /// The life of a room in an epoch, if anybody has heard of it.
    func known(of room: String, epoch: String) -> RoomLife? {
        lives[room]?.first { $0.epoch == epoch }?.whole
    }
}
