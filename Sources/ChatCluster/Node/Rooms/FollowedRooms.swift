internal import Chat

/// The rooms that a node follows on a shard, in an order that only its requests determine.
struct FollowedRooms {
    private struct Seat {
        var room = FollowedRoom()
        var place: Int
    }

    private var seats: [RoomName: Seat] = [:]
    private(set) var names: [RoomName] = []
    /// The subscriptions that the shard has yet to confirm, and when it last confirmed one.
    private var awaited = 0
    private var confirmed: UInt64 = 0
    /// Whether a beat is to look at all rooms as soon as all are subscribed.
    private var checksAll = false
    /// Positions that a beat has told of, whose entries may still be on their way.
    private var doubts: [(name: RoomName, last: RoomCursor)] = []
    private var doubtsDue = UInt64.max
    /// The beats in a row that have found lost messages while none has arrived.
    private var silentBeats = 0

    /// When ``takeDoubts(at:)`` or ``isSilent(at:)`` has news.
    var deadline: UInt64 {
        min(doubtsDue, awaited > 0 ? confirmed + ShardLimits.patience : .max)
    }

    subscript(name: RoomName) -> FollowedRoom? { seats[name]?.room }

    /// Changes a room, which must be followed.
    mutating func update<Result>(
        _ name: RoomName, _ body: (inout FollowedRoom) -> Result
    ) -> Result? {
        guard seats[name] != nil else { return nil }
        return body(&seats[name]!.room)
    }

    /// A room is followed from now on. It must not be followed yet.
    mutating func add(_ name: RoomName) {
        seats[name] = Seat(place: names.count)
        names.append(name)
    }

    /// Returns the room, which isn't followed any more, or nil if it wasn't.
    @discardableResult
    mutating func remove(_ name: RoomName) -> FollowedRoom? {
        guard let seat = seats.removeValue(forKey: name) else { return nil }
        let last = names.removeLast()
        if seat.place < names.count {
            names[seat.place] = last
            seats[last]?.place = seat.place
        }
        return seat.room
    }

    /// The highest numbers that the server was told of each room, if there are any.
    var seen: [(RoomName, RoomCursor)] {
        names.compactMap { name in
            guard let seen = seats[name]?.room.seen, seen != RoomCursor() else { return nil }
            return (name, seen)
        }
    }

    mutating func epochEnded() {
        for name in names { seats[name]?.room.epochEnded() }
        settleDoubts()
    }

    /// The connections are gone.
    mutating func cut() {
        for name in names { seats[name]?.room.cut() }
        (awaited, checksAll, silentBeats) = (0, true, 0)
        settleDoubts()
    }

    // MARK: Subscriptions

    mutating func subscribing(_ name: RoomName, at now: UInt64) {
        if awaited == 0 { confirmed = now }
        awaited += 1
        seats[name]?.room.subscription = .asked
    }

    mutating func subscribed(_ name: RoomName, at now: UInt64) {
        awaited = max(awaited - 1, 0)
        confirmed = now
        seats[name]?.room.subscription = .active
    }

    /// Whether all rooms are to be looked at. True once after all are subscribed again.
    mutating func takeCheck() -> Bool {
        guard checksAll, awaited == 0 else { return false }
        checksAll = false
        return true
    }

    /// A message has arrived.
    mutating func heard() { silentBeats = 0 }

    /// Whether the connection that brings messages doesn't answer, or brings none.
    func isSilent(at now: UInt64) -> Bool {
        awaited > 0 && confirmed + ShardLimits.patience <= now
            || silentBeats >= ShardLimits.silentBeats
    }

    // MARK: Doubts

    /// A beat has told where a room is.
    mutating func doubt(_ name: RoomName, _ last: RoomCursor, at now: UInt64) {
        guard seats[name]?.room.misses(last) == true else { return }
        doubts.append((name, last))
        doubtsDue = min(doubtsDue, now + ShardLimits.grace)
    }

    /// Takes the rooms with entries that have not arrived in time.
    mutating func takeDoubts(at now: UInt64) -> [RoomName] {
        guard doubtsDue <= now else { return [] }
        var found: [RoomName] = []
        for (name, last) in doubts where seats[name]?.room.misses(last) == true {
            seats[name]?.room.heard(of: last)
            if found.last != name { found.append(name) }
        }
        settleDoubts()
        if !found.isEmpty { silentBeats += 1 }
        return found
    }

    private mutating func settleDoubts() { (doubts, doubtsDue) = ([], .max) }
}
