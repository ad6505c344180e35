internal import Chat
internal import GRDB

/// The database operations of one slice of upkeep.
extension Upkeep {
    /// Deletes the oldest lines of a room, at most `rows` of them.
    mutating func prune(
        _ id: Int64, rows: Int, now: Timestamp, in db: Database
    ) throws -> Pruned? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT name, last, oldest FROM room WHERE id = ?"),
            arguments: [id])
        guard let row, let name = RoomName(StoredText.text(row, 0)), let last: Int64 = row[1],
            let oldest: Int64 = row[2]
        else {
            crowded.remove(id)
            return nil
        }
        let end = min(last + 1, oldest + Int64(rows))
        let firstInNumber = retention.lines > 0 ? last - Int64(retention.lines) + 1 : oldest
        let firstInTime = try firstLine(of: id, from: oldest, before: end, now: now, in: db) ?? end
        let kept = max(oldest, min(end, max(firstInNumber, firstInTime)))
        if kept >= firstInNumber { crowded.remove(id) }

        try db.cachedStatement(sql: "DELETE FROM line WHERE room = ? AND seq < ?")
            .execute(arguments: [id, kept])
        try db.cachedStatement(
            sql: """
                UPDATE room SET oldest = ?1, since = (
                    SELECT time FROM line WHERE room = ?2 AND seq >= ?1 ORDER BY seq LIMIT 1
                ) WHERE id = ?2
                """
        ).execute(arguments: [kept, id])
        return kept > oldest ? Pruned(room: name, oldest: kept, lines: Int(kept - oldest)) : nil
    }

    /// The first of some lines that is young enough; nil if none is.
    private func firstLine(
        of room: Int64, from oldest: Int64, before end: Int64, now: Timestamp, in db: Database
    ) throws -> Int64? {
        guard retention.days > 0 else { return oldest }
        return try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT seq FROM line WHERE room = ? AND seq >= ? AND seq < ? AND time >= ?
                    ORDER BY seq LIMIT 1
                    """),
            arguments: [room, oldest, end, earliest(at: now)])
    }

    /// The room with the oldest line of all, if that line is too old.
    func oldestRoom(now: Timestamp, in db: Database) throws -> Int64? {
        guard retention.days > 0 else { return nil }
        return try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT id FROM room WHERE since < ? ORDER BY since LIMIT 1"),
            arguments: [earliest(at: now)])
    }

    /// The time before which a line is too old, in milliseconds.
    private func earliest(at now: Timestamp) -> Int64 {
        now.milliseconds - Int64(retention.days) * 86_400_000
    }

    /// Looks for rooms with too many lines. The limit may have been higher in the last run.
    mutating func survey(from first: Int64, in db: Database) throws {
        let end = first + Self.surveyedRooms
        let rooms = try Int64.fetchAll(
            db.cachedStatement(
                sql: "SELECT id FROM room WHERE id >= ? AND id < ? AND last - oldest >= ?"),
            arguments: [first, end, retention.lines])
        crowded.formUnion(rooms)
        let last = try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM room")) ?? 0
        unsurveyed = end <= last ? end : nil
    }

    /// Deletes keys that are too old to matter. Returns whether none is left.
    func forgetSends(rows: Int, now: Timestamp, in db: Database) throws -> Bool {
        try db.cachedStatement(
            sql: """
                DELETE FROM send WHERE (time, room, seq) IN (
                    SELECT time, room, seq FROM send WHERE time < ? ORDER BY time LIMIT ?
                )
                """
        ).execute(arguments: [now.milliseconds - RecentSends.period, rows])
        return db.changesCount < rows
    }

    /// Gives free pages at the end of the file back to the disk. Returns whether few are left.
    func giveBackPages(rows: Int, in db: Database) throws -> Bool {
        let free = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA freelist_count")) ?? 0
        let all = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_count")) ?? 0
        guard free > Self.freePages, free > all / 4 else { return true }
        try db.execute(sql: "PRAGMA incremental_vacuum(\(rows))")
        return false
    }
}
