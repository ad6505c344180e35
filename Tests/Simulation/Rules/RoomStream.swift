/// The events of one room on one connection of the rich dialect, from `joined` to `left`: lines
/// without gaps or repeats, except for those that a `gap` names.
struct RoomStream {
    /// The point where a client asked to begin.
    enum Start: Equatable {
        case after(epoch: String, seq: UInt64)
        case last(UInt64)
    }

    let life: RoomLife
    private(set) var epoch: String
    /// The room's last number when it was joined.
    private(set) var joinedAt: UInt64
    /// Whether all lines since then were promised and the promise is still open.
    let isRecovered: Bool
    /// The lowest number that may come first.
    let earliest: UInt64
    /// The number of the next line. Nil until the first has arrived.
    private(set) var next: UInt64?
    /// The last known number of members.
    var members: Int
    /// The number of presence events so far.
    var presences: UInt64 = 0
    /// The names of the members.
    var roster = Roster()

    /// The lines that a client gets if it can't resume.
    private static let standardLines: UInt64 = 50

    /// A stream that begins with a `joined` event, which named `members`.
    init(
        life: RoomLife, epoch: String, seq: UInt64, start: Start, isRecovered: Bool,
        members: Int
    ) {
        (self.life, self.epoch, self.members) = (life, epoch, members)
        joinedAt = seq
        self.isRecovered = isRecovered
        switch start {
        case .after(_, let after) where isRecovered: earliest = after + 1
        case .after: earliest = seq + 1 - min(seq, Self.standardLines)
        case .last(let count): earliest = seq + 1 - min(seq, count)
        }
        if isRecovered || earliest > seq { next = earliest }
    }

    /// The last line that was received or skipped. Nil if it isn't known where the stream began.
    var cursor: UInt64? { next.map { $0 - 1 } }

    /// A line has arrived. Returns the error, if there is one. `areLost` tells whether lines can't
    /// come any more.
    mutating func heard(_ seq: UInt64, unless areLost: (Range<UInt64>) -> Bool) -> String? {
        defer { next = seq + 1 }
        if let next {
            if seq == next || next < seq && areLost(next..<seq) { return nil }
            return "line \(seq) instead of \(next)"
        }
        guard earliest...joinedAt + 1 ~= seq else {
            return "line \(seq) first, though \(joinedAt) was the last and \(earliest) asked for"
        }
        return nil
    }

    /// Another epoch has begun. Returns the error, if there is one. `end` is where the one before
    /// has ended.
    mutating func began(
        _ event: ChatEvent, end: UInt64, unless areLost: (Range<UInt64>) -> Bool
    ) -> String? {
        guard let epoch = event.epoch, let seq = event.seq, epoch != self.epoch else {
            return "no new epoch: \(event)"
        }
        defer { (self.epoch, next, joinedAt) = (epoch, seq + 1, max(joinedAt, seq)) }
        if let cursor {
            let place = min(cursor, end)
            let isRight = place <= seq && seq <= end && areLost(place + 1..<seq + 1)
            return isRight ? nil : "\(event), but it had \(cursor) and \(end) hold"
        }
        guard seq <= end, earliest <= seq + 1 || end < earliest, seq <= joinedAt else {
            return "\(event) before the first line, from \(earliest) on, and \(end) hold"
        }
        return nil
    }

    /// Lines were skipped. Returns the error, if there is one.
    mutating func missed(
        _ event: ChatEvent, unless areLost: (Range<UInt64>) -> Bool
    ) -> String? {
        guard let from = event.from, let through = event.through, let missed = event.missed,
            from <= through, missed == through - from + 1
        else { return "a gap that isn't one: \(event)" }
        defer { next = through + 1 }
        if let next, from < next || from > next && !areLost(next..<from) {
            return "a gap from \(from) instead of \(next)"
        }
        if next == nil, from < earliest { return "a gap from \(from) before \(earliest)" }
        return nil
    }
}
