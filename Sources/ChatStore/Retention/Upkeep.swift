internal import Chat
internal import GRDB

/// Gives up what is past its time or number, in slices between groups of lines: lines, keys, and
/// pages of the file.
///
/// A round begins now and then. A room that outgrows its number of lines by a slice doesn't wait
/// for it.
struct Upkeep {
    /// Rows of a slice: a millisecond or two.
    static let slice = 512
    /// Rooms that are looked at in a slice.
    static let surveyedRooms: Int64 = 4_096
    /// Free pages that stay in the file to be used again, as long as they are fewer than a
    /// quarter of it: 16 MiB.
    static let freePages = 4_096

    /// What a slice took from a room.
    struct Pruned: Equatable {
        let room: RoomName
        let oldest: Int64
        let lines: Int
    }

    private enum Stage {
        case sends
        case oldLines
        case freePages
    }

    let retention: Retention
    /// Rooms with too many lines, which are next.
    var crowded: Set<Int64> = []
    /// Rooms with a few lines too many, which wait for the next round.
    private var full: Set<Int64> = []
    /// What the round has come to; nil between rounds.
    private var stage: Stage? = .sends
    /// The first room that was not looked at since the start; nil after the last one.
    var unsurveyed: Int64?

    init(retention: Retention) {
        self.retention = retention
        unsurveyed = retention.lines > 0 ? 1 : nil
    }

    /// Whether there is something to do.
    var isDue: Bool { stage != nil || !crowded.isEmpty || unsurveyed != nil }

    /// It is time for a round.
    mutating func begin() {
        if stage == nil { stage = .sends }
        crowded.formUnion(full)
        full = []
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

    /// Does a slice of what is to do, within a transaction. The round goes on beside crowded rooms,
    /// each at the cost of some `rows`: a flood makes both of them grow.
    mutating func step(_ db: Database, rows: Int, now: Timestamp) throws -> [Pruned] {
        var pruned: [Pruned?] = []
        if let room = crowded.first {
            pruned.append(try prune(room, rows: rows, now: now, in: db))
        } else if let first = unsurveyed {
            try survey(from: first, in: db)
        }
        switch stage {
        case .sends:
            if try forgetSends(rows: rows, now: now, in: db) { stage = .oldLines }
        case .oldLines:
            if let room = try oldestRoom(now: now, in: db) {
                pruned.append(try prune(room, rows: rows, now: now, in: db))
            } else {
                stage = .freePages
            }
        case .freePages:
            if try giveBackPages(rows: rows, in: db) { stage = nil }
        case nil: break
        }
        return pruned.compactMap(\.self)
    }
}
