internal import Chat
internal import GRDB

/// Finds the lines of a room that a purge is for, the newest first, a slice at a time.
struct LineScan {
    /// Lines of a slice, which takes a millisecond or so.
    static let slice = 256
    /// Milliseconds. Times may go back a little, as clocks do.
    private static let clockSlack: Int64 = 60_000

    private let match: LineMatch
    private let room: Int64
    private let first: Int64
    /// The last line that wasn't looked at.
    private var last: Int64
    /// Lines that may yet be found.
    private var left = PurgeOrder.lineLimit
    /// The line that the order names. It is known.
    private let named: UInt64?

    /// Looks at the lines up to `last`.
    init(_ match: LineMatch, of room: Int64, upTo last: Int64, named: UInt64?) {
        self.match = match
        self.room = room
        self.named = named
        first = Int64(clamping: match.seqs.lowerBound)
        self.last = min(last, Int64(clamping: match.seqs.upperBound))
    }

    /// Adds what is found in the next slice to the evidence. `hide` takes away the texts of deleted
    /// lines. Returns whether the scan is done.
    mutating func step(
        _ evidence: inout ChangeRequest.Evidence, at now: Timestamp, in db: Database,
        hide: ([Line]) throws -> [Line]
    ) throws -> Bool {
        guard first <= last else { return true }
        let lines = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT \(StoredAuthor.columns(in: db)) FROM line
                    WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT \(Self.slice)
                    """),
            arguments: [room, first, last]
        ).compactMap(StoredAuthor.line)
        let oldest = match.since.milliseconds - Self.clockSlack
        for line in try hide(lines) {
            if line.time.milliseconds < oldest || left == 0 { return true }
            guard !line.isDeleted else { continue }
            var origin: Origin?
            if match.needsOrigins, line.author.isGuest {
                origin = try OriginRows.origin(of: line, in: room, at: now, in: db)
                evidence.origins[line.seq] = origin
            }
            guard match.takes(line, from: origin), line.seq != named else { continue }
            evidence.lines.append(line)
            evidence.matched += 1
            left -= 1
        }
        guard lines.count == Self.slice, let end = lines.last?.seq else { return true }
        last = Int64(end) - 1
        return false
    }
}
