internal import Chat
internal import GRDB

/// The database operations of one slice of upkeep.
extension Upkeep {
    /// Deletes the oldest lines of a room, about `rows` of them.
    mutating func prune(
        _ id: Int64, rows: Int, now: Timestamp, in db: Database
    ) throws -> Pruned? {
        guard let room = try room(id, in: db) else {
            crowded.remove(id)
            return nil
        }
        let numbers = room.numbers
        let first = try firstLine(of: id, from: numbers.oldest, in: db)
        let firstInNumber =
            retention.lines > 0
            ? numbers.last - Int64(clamping: retention.lines) + 1 : numbers.oldest
        let firstInTime = try firstYoungLine(
            of: numbers, from: first, rows: rows, now: now, in: db)
        let kept = max(
            numbers.oldest, firstInTime,
            min(firstInNumber, numbers.oldest + Int64(rows), numbers.last + 1))
        if kept >= firstInNumber { crowded.remove(id) }
        return try cut(room, to: kept, now: now, in: db)
    }

    /// A room's row.
    func room(
        _ id: Int64, in db: Database
    ) throws -> (numbers: RoomNumbers, name: RoomName?)? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT id, last, oldest, epoch, name FROM room WHERE id = ?"),
            arguments: [id])
        guard let row, let numbers = try RoomNumbers(row, in: db) else { return nil }
        return (numbers, RoomName(StoredText.text(row, 4)))
    }

    /// Deletes a room's lines before one of them.
    func cut(
        _ room: (numbers: RoomNumbers, name: RoomName?), to kept: Int64, now: Timestamp,
        in db: Database
    ) throws -> Pruned? {
        let (numbers, id) = (room.numbers, room.numbers.id)
        let bytes = try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT sum(\(Self.bytesOfLine)) FROM line WHERE room = ? AND seq < ?"),
            arguments: [id, kept])
        try db.cachedStatement(sql: "DELETE FROM line WHERE room = ? AND seq < ?")
            .execute(arguments: [id, kept])
        let since = try time(of: id, from: kept, now: now, in: db)?.milliseconds
        try db.cachedStatement(
            sql: """
                UPDATE room SET last = ?1, oldest = ?2, since = ?3,
                    bytes = iif(?3 IS NULL, 0, max(bytes - ?4, 0)) WHERE id = ?5
                """
        ).execute(arguments: [numbers.last, kept, since, bytes ?? 0, id])
        guard kept > numbers.oldest, let name = room.name else { return nil }
        return Pruned(room: name, oldest: kept, lines: Int(clamping: kept - numbers.oldest))
    }

    /// The number of a room's first line.
    func firstLine(of room: Int64, in db: Database) throws -> Int64? {
        try firstLine(of: room, from: 1, in: db)?.seq
    }

    /// The line behind the last one that is too old, among the oldest ones. The room's oldest line
    /// if none is.
    private func firstYoungLine(
        of room: RoomNumbers, from first: (seq: Int64, time: Timestamp)?, rows: Int,
        now: Timestamp, in db: Database
    ) throws -> Int64 {
        guard let first else { return room.last + 1 }
        guard retention.days > 0 else { return room.oldest }
        // A clock that was ahead has left lines of the future. They must not keep older ones, so
        // behind such a line all are looked at.
        let end = first.time > now ? room.last + 1 : first.seq + Int64(rows)
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT seq FROM line WHERE room = ? AND seq >= ? AND seq < ? AND time < ?
                    ORDER BY seq DESC LIMIT 1
                    """),
            arguments: [room.id, first.seq, end, earliest(at: now)])
        return row.flatMap { StoredNumber.value($0, 0, in: StoredNumber.seqs) }.map { $0 + 1 }
            ?? room.oldest
    }

    private func firstLine(
        of room: Int64, from oldest: Int64, in db: Database
    ) throws -> (seq: Int64, time: Timestamp)? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT seq, time FROM line WHERE room = ? AND seq >= ? ORDER BY seq LIMIT 1"),
            arguments: [room, oldest])
        guard let row, let seq = StoredNumber.value(row, 0, in: StoredNumber.seqs) else {
            return nil
        }
        return (seq, StoredNumber.time(row, 1))
    }

    /// The time by which a room's lines are looked at again, which is that of its oldest line.
    /// Behind a line of the future it is that of the earliest one.
    private func time(
        of room: Int64, from oldest: Int64, now: Timestamp, in db: Database
    ) throws -> Timestamp? {
        guard let first = try firstLine(of: room, from: oldest, in: db) else { return nil }
        guard first.time > now else { return first.time }
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT min(time) FROM line WHERE room = ? AND seq >= ?"),
            arguments: [room, oldest])
        return min(row.map { StoredNumber.time($0, 0) } ?? now, now)
    }

    /// The room with the oldest line of all, if that line is too old.
    func oldestRoom(now: Timestamp, in db: Database) throws -> Int64? {
        guard retention.days > 0 else { return nil }
        return try Int64.fetchOne(
            db.cachedStatement(
                sql: "SELECT id FROM room WHERE since < ? ORDER BY since LIMIT 1"),
            arguments: [earliest(at: now)])
    }

    /// The time of the oldest line of all, or of the earliest one of a room whose clock was ahead.
    /// Nil if there is no line.
    static func oldestLine(_ db: Database) throws -> Timestamp? {
        let since = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT min(since) FROM room WHERE since IS NOT NULL"))
        return since.map { Timestamp(milliseconds: $0) }
    }

    /// The time before which a line is too old, in milliseconds.
    private func earliest(at now: Timestamp) -> Int64 {
        now.milliseconds - Int64(retention.days) * 86_400_000
    }

    /// Looks for rooms with too many lines, behind the one that was looked at last. The limit may
    /// have been higher in the last run.
    mutating func survey(after last: Int64, in db: Database) throws {
        let rooms = """
            SELECT id, last, oldest FROM room WHERE id > ? ORDER BY id LIMIT \(Self.surveyedRooms)
            """
        crowded.formUnion(
            try Int64.fetchAll(
                db.cachedStatement(sql: "SELECT id FROM (\(rooms)) WHERE last - oldest >= ?"),
                arguments: [last, retention.lines]))
        surveyed = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT max(id) FROM (\(rooms))"), arguments: [last])
    }

    /// Deletes rows of `table`, of which one stands for a line, that are older than `period`
    /// milliseconds, and those of a clock that was ahead. Returns whether none is left.
    static func forget(
        _ table: StaticString, rows: Int, after period: Int64, now: Timestamp, in db: Database
    ) throws -> Bool {
        try db.cachedStatement(
            sql: """
                DELETE FROM \(table) WHERE (time, room, seq) IN (
                    SELECT time, room, seq FROM \(table) WHERE time < ? OR time > ? LIMIT ?
                )
                """
        ).execute(arguments: [now.milliseconds - period, now.milliseconds + period, rows])
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
