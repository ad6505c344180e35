internal import Chat
internal import Reactor

/// The rooms with most members, most lines a second and most members that are behind.
///
/// Nobody looks at all rooms at once: each look takes the next few thousand, and the ones that were
/// at the top before. With fewer rooms than that, the ranking is exact. A look happens only when
/// somebody asks, and at most once a second however many ask.
struct RoomRanking {
    /// Rooms of one look. It takes well under a millisecond.
    static let atOnce = 4_096
    /// Milliseconds between two looks.
    static let pause: UInt64 = 900
    /// Milliseconds after which nothing is kept any more, if nobody has asked.
    static let patience: UInt64 = 60_000

    /// The figures of a room.
    struct Entry: Equatable {
        let room: RoomID
        let members: Int
        /// Members that are behind.
        let behind: Int
        /// Lines a second, in tenths.
        let rate: Int
    }

    /// What was seen of a room at the last look.
    private struct Mark {
        /// A hash of its name: another room may have its number now.
        var name: Int32 = 0
        var rate: Int32 = 0
        var seq: UInt64 = 0
        /// In milliseconds of the loop's clock; 0: never.
        var time: UInt64 = 0
    }

    /// By the number of the room.
    private var marks: [Mark] = []
    private var cursor = 0
    private var lookedAt: UInt64?
    /// The rooms at the top in some order, those with most members first. Their names may be gone
    /// before the next look.
    private(set) var top: [(name: RoomName, entry: Entry)] = []

    /// Looks at the next rooms, unless that was done just now.
    mutating func look(at hub: borrowing Hub, now: Instant) {
        let time = now.milliseconds
        if let lookedAt, time < lookedAt + Self.pause { return }
        lookedAt = time
        let count = hub.rooms.count
        marks = Array(marks.prefix(count))
        marks += repeatElement(Mark(), count: count - marks.count)
        let known = Set(top.compactMap { hub.room(named: $0.name) })
        var best = BestRooms()
        for room in known { best.offer(see(room, hub, at: time)) }
        for _ in 0..<min(Self.atOnce, count) {
            cursor = cursor + 1 < count ? cursor + 1 : 0
            let room = RoomID(rawValue: UInt32(cursor))
            guard hub.exists(room), !known.contains(room) else { continue }
            best.offer(see(room, hub, at: time))
        }
        top = best.entries.map { (hub.name(of: $0.room), $0) }
    }

    /// The figures of a room. Its rate is that since the last look, if there was one lately.
    private mutating func see(
        _ room: RoomID, _ hub: borrowing Hub, at time: UInt64
    ) -> Entry {
        let seq = hub.lastSeq(of: room)
        let name = Int32(truncatingIfNeeded: hub.name(of: room).hashValue)
        let mark = marks[room.index]
        let isSame = mark.time > 0 && mark.name == name && mark.seq <= seq
        var rate = isSame ? mark.rate : 0
        if !isSame || time >= mark.time + Self.pause {
            if isSame { rate = Int32(clamping: (seq - mark.seq) &* 10_000 / (time - mark.time)) }
            marks[room.index] = Mark(name: name, rate: rate, seq: seq, time: max(time, 1))
        }
        return Self.entry(of: room, hub, rate: Int(rate))
    }

    private static func entry(of room: RoomID, _ hub: borrowing Hub, rate: Int) -> Entry {
        let members = hub.memberCount(of: room)
        return Entry(
            room: room, members: members, behind: members - hub.headCount(of: room), rate: rate)
    }

    /// The figures of one room, with the rate of the last look.
    func entry(of room: RoomID, _ hub: borrowing Hub) -> Entry {
        let rate = room.index < marks.count ? Int(marks[room.index].rate) : 0
        return Self.entry(of: room, hub, rate: rate)
    }

    /// The best of the rooms that somebody may see, if it may not see all.
    func best(for reach: Reach, in hub: borrowing Hub) -> [Entry] {
        let named = Set(reach.named.compactMap { hub.room(named: $0) })
        let high = top.compactMap { hub.room(named: $0.name) }.filter { $0.index >= Self.atOnce }
        var best = BestRooms()
        for room in named { best.offer(entry(of: room, hub)) }
        let low = (0..<min(Self.atOnce, hub.rooms.count)).map { RoomID(rawValue: UInt32($0)) }
        for room in low + high
        where hub.exists(room) && reach.includes(hub.name(of: room)) && !named.contains(room) {
            best.offer(entry(of: room, hub))
        }
        return best.entries
    }

    /// Forgets all if nobody has asked lately.
    mutating func forget(at now: Instant) {
        guard let lookedAt, now.milliseconds >= lookedAt + Self.patience else { return }
        self = RoomRanking()
    }
}
