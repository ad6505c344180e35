internal import Chat
internal import GRDB

/// Deletes what exceeds its age or number: lines, keys, and pages of the file. It works in slices
/// between groups of lines.
///
/// A round begins at intervals. A room that exceeds its number of lines by a slice doesn't wait for
/// the next round.
struct Upkeep {
    /// Rows of a slice, which takes a millisecond or two.
    static let slice = 512
    /// Rooms that one slice surveys.
    static let surveyedRooms = 4_096
    /// Rooms of the list of the largest ones.
    static let largestCount = 128
    /// Bytes of new lines after which the file is measured again.
    static let measured = 1 << 20
    /// Free pages that stay in the file for reuse, as long as they are fewer than a quarter of it:
    /// 16 MiB.
    static let freePages = 4_096

    /// The result of a slice for one room.
    struct Pruned: Equatable {
        let room: RoomName
        let oldest: Int64
        let lines: Int
    }

    private enum Stage {
        case sends
        case origins
        case oldLines
        case emptyRooms
        case freePages
    }

    let retention: Retention
    /// Bytes that the file may use.
    let bytesLimit: Int
    /// Rooms with too many lines. They are pruned next.
    var crowded: Set<Int64> = []
    /// Rooms with a few lines too many. They wait for the next round.
    private var full: Set<Int64> = []
    /// The stage of the round. Nil between rounds.
    private var stage: Stage? = .sends
    /// The last room that was surveyed since the start. Nil once all were.
    var surveyed: Int64?

    /// Whether the file uses too many bytes.
    var isTooLarge = false
    /// Bytes of lines since the file was measured.
    var unmeasured = 0
    /// The rooms with the most bytes, while the file is too large.
    var largest: [(id: Int64, bytes: Int64)] = []
    /// Bytes that rooms outside of that list may have.
    var leastBytes: Int64 = 0
    /// The last room that was looked at because it has no lines.
    var lookedAt = Int64.min
    /// Rooms that were forgotten, until they are taken.
    var forgotten: [RoomName] = []

    init(retention: Retention, bytesLimit: Int = .max) {
        self.retention = retention
        self.bytesLimit = bytesLimit
        surveyed = retention.lines > 0 ? .min : nil
    }

    /// Whether there is work to do.
    var isDue: Bool {
        stage != nil || !crowded.isEmpty || surveyed != nil || isTooLarge
            || unmeasured >= Self.measured
    }

    /// Begins a round.
    mutating func begin() {
        if stage == nil { stage = .sends }
        crowded.formUnion(full)
        full = []
        // Measure at each round.
        isTooLarge = true
        largest = []
    }

    /// Lines of this many bytes were added.
    mutating func grew(by bytes: Int) { unmeasured += bytes }

    /// Takes the rooms that were forgotten.
    mutating func takeForgotten() -> [RoomName] {
        defer { forgotten = [] }
        return forgotten
    }

    /// Lines were added to a room.
    mutating func grew(_ room: RoomNumbers) {
        guard retention.lines > 0 else { return }
        let excess = room.lines - Int64(retention.lines)
        if excess >= Int64(Self.slice) {
            crowded.insert(room.id)
        } else if excess > 0 {
            full.insert(room.id)
        }
    }

    /// Does a slice of the work, within a transaction. The round continues alongside the pruning of
    /// crowded rooms, each with `rows` rows, because a flood makes both grow.
    ///
    /// - Parameters:
    ///   - now: the machine's clock.
    ///   - present: the ``RetentionClock``.
    ///   - followed: the rooms that must not be forgotten.
    mutating func step(
        _ db: Database, rows: Int, now: Timestamp, present: Timestamp,
        followed: Set<RoomName> = []
    ) throws -> [Pruned] {
        var pruned: [Pruned?] = []
        if let room = crowded.first {
            pruned.append(try prune(room, rows: rows, now: present, in: db))
        } else if let last = surveyed {
            try survey(after: last, in: db)
        }
        if isTooLarge || unmeasured >= Self.measured {
            pruned += try shrink(rows: rows, now: present, in: db)
        }
        switch stage {
        case .sends:
            let isDone = try Self.forget(
                "send", rows: rows, after: RecentSends.period, now: now, in: db)
            if isDone { stage = .origins }
        case .origins:
            let isDone = try Self.forget(
                "origin", rows: rows, after: Origin.period, now: now, in: db)
            if isDone { stage = .oldLines }
        case .oldLines:
            // Many small rooms take one transaction.
            var left = rows
            while left > 0, stage == .oldLines {
                guard let room = try oldestRoom(now: present, in: db) else {
                    stage = .emptyRooms
                    break
                }
                let cut = try prune(room, rows: left, now: present, in: db)
                pruned.append(cut)
                left -= max(cut?.lines ?? 0, 8)
            }
        case .emptyRooms:
            if try forgetRooms(rows: rows / 4, followed: followed, in: db) { stage = .freePages }
        case .freePages:
            if try giveBackPages(rows: rows, in: db) { stage = nil }
        case nil: break
        }
        return pruned.compactMap(\.self)
    }
}
