internal import Chat

/// The lines of a transaction, and the replies to their follower if it is committed.
struct StoredGroup {
    /// A room with lines of the group.
    struct Room {
        let name: RoomName
        /// The room's numbers once the group is committed.
        fileprivate(set) var numbers: RoomNumbers
        /// Bytes of its lines in the group.
        fileprivate(set) var bytes = 0
        fileprivate var entries: [RoomEntry] = []
    }

    /// Rooms in the order of their first lines.
    private(set) var rooms: [Room] = []
    private var places: [RoomName: Int] = [:]
    private(set) var answers: [SubmissionAnswer] = []

    /// Makes a group for this many lines.
    init(count: Int) {
        answers.reserveCapacity(count)
    }

    /// The room's index in ``rooms``. Nil if it has no line in the group yet.
    func place(of room: RoomName) -> Int? { places[room] }

    /// Adds a room with the numbers it had before the group. Returns its index.
    mutating func add(_ room: RoomName, _ numbers: RoomNumbers) -> Int {
        places[room] = rooms.count
        rooms.append(Room(name: room, numbers: numbers))
        return rooms.count - 1
    }

    /// Gives a line its room's next number. Returns the room's numbers including it.
    mutating func add(_ draft: Draft, toRoomAt place: Int) -> RoomNumbers {
        rooms[place].numbers.last += 1
        let numbers = rooms[place].numbers
        let line = Line(
            seq: UInt64(numbers.last), time: draft.time, username: draft.username,
            message: draft.message, by: draft.author)
        rooms[place].entries.append(.line(line))
        rooms[place].bytes +=
            draft.username.utf8.count + draft.message.utf8.count + Upkeep.lineBytes
        answers.append(.ordered(seq: line.seq, time: line.time))
        return numbers
    }

    /// The next line isn't stored.
    mutating func refuse() { answers.append(.failed) }

    /// The number of lines that are stored.
    var lines: Int { answers.count { $0 != .failed } }

    /// The entries of each room, and then the answers.
    var replies: [OrdererReply] { entries + [.answered(answers)] }

    /// The entries of each room.
    var entries: [OrdererReply] {
        rooms.filter { !$0.entries.isEmpty }.map { .entries($0.name, $0.entries) }
    }
}
