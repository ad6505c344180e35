internal import Chat
internal import Reactor

/// Rooms that are to be looked at again at some time, each once.
struct RoomList {
    private(set) var rooms: [RoomID] = []
    /// When to look; means something only while there are rooms.
    private(set) var due: CoarseTime

    init(now: CoarseTime) {
        due = now
    }

    /// When to look at the rooms; nil if there are none.
    var next: CoarseTime? { rooms.isEmpty ? nil : due }

    func isDue(at now: CoarseTime) -> Bool { !rooms.isEmpty && due <= now }

    /// Adds a room that isn't in the list. If it is the first one, the list is due at `time`.
    mutating func add(_ room: RoomID, dueAt time: CoarseTime) {
        if rooms.isEmpty { due = time }
        rooms.append(room)
    }

    /// The rooms of a due list, which is empty afterwards.
    mutating func take() -> [RoomID] {
        defer { rooms = [] }
        return rooms
    }

    /// The rooms that stay; the list is due again at `time`.
    mutating func keep(_ rooms: [RoomID], dueAt time: CoarseTime) {
        self.rooms = rooms
        due = time
    }
}
