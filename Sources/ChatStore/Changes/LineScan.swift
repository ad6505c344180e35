internal import Chat
internal import GRDB

/// Finds the lines of a room that a purge is for.
enum LineScan {
    /// Adds them to the evidence, the newest first, at most ``PurgeOrder/lineLimit``.
    static func add(
        _ match: LineMatch, of room: RoomNumbers, to evidence: inout ChangeRequest.Evidence,
        at now: Timestamp, in db: Database
    ) throws {
        let known = evidence.lines.first?.seq
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT \(StoredAuthor.columns(in: db)) FROM line
                    WHERE room = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC
                    """),
            arguments: [
                room.id, Int64(clamping: match.seqs.lowerBound),
                Int64(clamping: match.seqs.upperBound),
            ])
        // Times may go back a little, as clocks do.
        let oldest = match.since.milliseconds - clockSlack
        var found: [Line] = []
        while found.count < PurgeOrder.lineLimit, let row = try rows.next() {
            guard let line = StoredAuthor.line(row) else { continue }
            if line.time.milliseconds < oldest { break }
            guard !line.isDeleted else { continue }
            var origin: Origin?
            if match.needsOrigins, line.author.isGuest {
                origin = try OriginRows.origin(of: line, in: room.id, at: now, in: db)
                evidence.origins[line.seq] = origin
            }
            guard match.takes(line, from: origin), line.seq != known else { continue }
            found.append(line)
        }
        evidence.lines += found
    }

    /// Milliseconds.
    private static let clockSlack: Int64 = 60_000
}
