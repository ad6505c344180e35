/// All lines that wait to be said, by their rooms. Times are monotonic, in milliseconds.
public struct HeldTable: Sendable {
    private struct Waiting {
        let line: HeldLine
        /// When it began to wait. Below 0 if that was before the clock began.
        let since: Int64
    }

    private struct Room {
        var rules: RoomRules
        var lines: [UInt64: Waiting] = [:]
        /// The lines whose time comes by itself, in order. Some may not wait any more.
        var timed: [UInt64] = []
        /// Lines that are on their way to the orderer.
        var expected = 0

        mutating func dropGone() {
            timed.removeFirst(timed.prefix { lines[$0] == nil }.count)
        }
    }

    /// Lines that are said at once.
    static let slice = 256
    /// How much longer lines wait that another server holds, in milliseconds.
    static let courtesy: Int64 = 1_000

    private var rooms: [RoomName: Room] = [:]
    private var places: [UInt64: RoomName] = [:]
    private var keys: [RecentSends.Key: UInt64] = [:]
    private var approved: [UInt64] = []
    /// The lines that the orderer was asked to say.
    public private(set) var leaving: [UInt64] = []
    public private(set) var bytes = 0
    /// When a line may be due. `UInt64.max` for never.
    public private(set) var next = UInt64.max

    public init() {}

    public var count: Int { places.count }
    /// Whether no line waits, or is about to.
    public var isEmpty: Bool { rooms.isEmpty }

    /// Whether another line may wait in a room.
    public func takesLine(in room: RoomName) -> Bool {
        let found = rooms[room]
        return (found?.lines.count ?? 0) + (found?.expected ?? 0) < HeldLine.roomLimit
            && places.count < HeldLine.limit && bytes < HeldLine.byteLimit
    }

    /// The line that was sent with the same key and waits. Throws if it has another text.
    func line(of draft: Draft) throws(Refusal) -> HeldLine? {
        guard !isEmpty, let key = draft.recentKey, let id = keys[key], let line = line(id) else {
            return nil
        }
        guard line.draft.hasSameText(as: draft) else { throw .idReused }
        return line
    }

    public func line(_ id: UInt64) -> HeldLine? {
        places[id].flatMap { rooms[$0]?.lines[id]?.line }
    }

    /// The lines that wait in a room, or in all, in the order in which they came.
    public func lines(in room: RoomName) -> [HeldLine] {
        let found = room == .everywhere ? Array(rooms.values) : rooms[room].map { [$0] } ?? []
        return found.flatMap { $0.lines.values.map(\.line) }.sorted { $0.id < $1.id }
    }

    // MARK: Lines come and go

    /// A line is on its way to the orderer, and waits soon.
    public mutating func expect(in room: RoomName, _ rules: RoomRules) {
        rooms[room, default: Room(rules: rules)].expected += 1
    }

    /// The orderer has answered. Nil: the line doesn't wait.
    public mutating func came(_ line: HeldLine?, in room: RoomName, at now: UInt64) {
        rooms[room]?.expected -= 1
        if let line { add(line, since: Int64(now)) }
        dropIfEmpty(room)
    }

    /// These lines wait, and no others. `now` and `time` are the same moment.
    public mutating func replace(_ all: [HeldRoom], at now: UInt64, time: Timestamp) {
        let expected = rooms.compactMapValues { $0.expected > 0 ? $0 : nil }
        self = HeldTable()
        for (name, room) in expected {
            rooms[name] = Room(rules: room.rules, expected: room.expected)
        }
        for room in all {
            rooms[room.name, default: Room(rules: room.rules)].rules = room.rules
            let longest = Int64(room.rules.holdSeconds) * 1_000
            for line in room.lines {
                // A clock that has jumped lets no line wait for longer.
                let waited = time.milliseconds - line.draft.time.milliseconds
                add(line, since: Int64(now) - min(max(waited, 0), longest))
            }
            dropIfEmpty(room.name)
        }
        next = 0
    }

    /// Lines wait that another server holds. It has them said when their time comes; this one does
    /// if it doesn't. Returns those that weren't known.
    public mutating func waits(
        _ room: HeldRoom, at now: UInt64, time: Timestamp
    ) -> [HeldLine] {
        let new = room.lines.filter { places[$0.id] == nil }
        guard !new.isEmpty else { return [] }
        if rooms[room.name] == nil { rooms[room.name] = Room(rules: room.rules) }
        let longest = Int64(room.rules.holdSeconds) * 1_000
        for line in new {
            let waited = time.milliseconds - line.draft.time.milliseconds
            add(line, since: Int64(now) - min(max(waited, 0), longest) + Self.courtesy)
        }
        return new
    }

    private mutating func add(_ line: HeldLine, since: Int64) {
        let name = line.draft.room
        guard places[line.id] == nil, rooms[name] != nil else { return }
        places[line.id] = name
        if let key = line.draft.recentKey { keys[key] = line.id }
        rooms[name]?.lines[line.id] = Waiting(line: line, since: since)
        if line.isApproved {
            approved.append(line.id)
        } else if line.reason == .hold {
            rooms[name]?.timed.append(line.id)
        }
        bytes += line.bytes
        recount(name)
    }

    /// A line waits no more. Nil if it didn't.
    public mutating func remove(_ id: UInt64) -> HeldLine? {
        guard let name = places.removeValue(forKey: id),
            let line = rooms[name]?.lines.removeValue(forKey: id)?.line
        else { return nil }
        if let key = line.draft.recentKey, keys[key] == id { keys[key] = nil }
        bytes -= line.bytes
        rooms[name]?.dropGone()
        dropIfEmpty(name)
        return line
    }

    private mutating func dropIfEmpty(_ name: RoomName) {
        guard let room = rooms[name], room.lines.isEmpty, room.expected <= 0 else { return }
        rooms[name] = nil
    }

    // MARK: Time

    /// A room has these rules from now on. The time to wait holds for lines that wait already.
    public mutating func set(_ rules: RoomRules, in room: RoomName) {
        guard rooms[room] != nil else { return }
        rooms[room]?.rules = rules
        recount(room)
    }

    /// A moderator wants a line said.
    public mutating func approve(_ id: UInt64) {
        guard places[id] != nil, !approved.contains(id) else { return }
        approved.append(id)
        if leaving.isEmpty { next = 0 }
    }

    /// Takes the lines that are to be said now, a slice of them, in the order in which they came.
    /// Empty while others are under way.
    public mutating func takeDue(at now: UInt64) -> [UInt64] {
        guard leaving.isEmpty, next <= now else { return [] }
        approved.removeAll { places[$0] == nil }
        var due = Set(approved.prefix(Self.slice))
        for room in rooms.values {
            guard let hold = Self.hold(room) else { continue }
            for id in room.timed where due.count < 2 * Self.slice {
                guard let waiting = room.lines[id] else { continue }
                guard waiting.since + hold <= Int64(now) else { break }
                due.insert(id)
            }
        }
        leaving = Array(due.sorted().prefix(Self.slice))
        next = .max
        if leaving.isEmpty { for name in rooms.keys { recount(name) } }
        return leaving
    }

    /// The pending release is over. What still waits is tried again, not before this time.
    public mutating func settled(tryingAgain time: UInt64 = 0) {
        leaving = []
        next = time
    }

    /// Milliseconds that lines wait in a room. Nil: for ever, as things are.
    private static func hold(_ room: Room) -> Int64? {
        room.rules.frozen ? nil : Int64(room.rules.holdSeconds) * 1_000
    }

    /// Lines of a room may be due earlier.
    private mutating func recount(_ name: RoomName) {
        guard leaving.isEmpty, let room = rooms[name] else { return }
        if !approved.isEmpty { next = 0 }
        guard let hold = Self.hold(room), let first = room.timed.first,
            let since = room.lines[first]?.since
        else { return }
        next = min(next, UInt64(max(since + hold, 0)))
    }
}
