internal import Chat
internal import Reactor

/// Rooms to check again at some time, each listed once.
struct RoomList {
    private(set) var rooms: [RoomID] = []
    /// When to check the rooms. Never if there are none.
    private(set) var next = CoarseTime.never

    @inline(__always)
    func isDue(at now: CoarseTime) -> Bool { next <= now }

    /// One past the highest number of a room in the list.
    var end: Int { rooms.map { $0.index + 1 }.max() ?? 0 }

    /// Adds a room that isn't in the list. If it is the first one, the list is due at `time`.
    mutating func add(_ room: RoomID, dueAt time: CoarseTime) {
        if rooms.isEmpty { next = time }
        rooms.append(room)
    }

    /// Takes the rooms of a due list, which is empty afterwards.
    mutating func take() -> [RoomID] {
        defer { (rooms, next) = ([], .never) }
        return rooms
    }

    /// Puts back the rooms that stay. The list is due again at `time`.
    mutating func keep(_ rooms: [RoomID], dueAt time: CoarseTime) {
        self.rooms = rooms
        next = rooms.isEmpty ? .never : time
    }
}
