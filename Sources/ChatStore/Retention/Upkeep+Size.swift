internal import Chat
internal import GRDB

/// What bounds the file itself: its bytes, and the rows of rooms without lines.
extension Upkeep {
    /// Bytes of a line besides its texts: its row, and its share of the pages.
    static let lineBytes = 32
    /// Lines that a room loses at least, so that small rooms are no more work than large ones.
    private static let smallestCut = 64
    /// The bytes of a line's row `line`, in SQL.
    static let bytesOfLine =
        "length(CAST(username AS BLOB)) + length(CAST(message AS BLOB)) + \(lineBytes)"

    /// Bytes of the pages that are in use. Free ones are used again before the file grows.
    static func usedBytes(_ db: Database) throws -> Int {
        let all = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_count")) ?? 0
        let free = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA freelist_count")) ?? 0
        let size = try Int.fetchOne(db.cachedStatement(sql: "PRAGMA page_size")) ?? 0
        return (all - free) * size
    }

    /// Deletes the oldest lines of the rooms with the most bytes while the file is too large, about
    /// `rows` of them.
    mutating func shrink(rows: Int, now: Timestamp, in db: Database) throws -> [Pruned] {
        unmeasured = 0
        var pruned: [Pruned] = []
        var left = rows
        while left > 0 {
            isTooLarge = try Self.usedBytes(db) > bytesLimit
            guard isTooLarge, let place = try largestRoom(in: db) else { break }
            let cut = try cut(largest[place].id, rows: left, now: now, in: db)
            largest[place].bytes = try Self.bytes(of: largest[place].id, in: db)
            if let cut { pruned.append(cut) }
            left -= max(cut?.lines ?? 0, 1)
        }
        return pruned
    }

    /// The place in ``largest`` of the room with the most bytes. Nil if no room has any.
    private mutating func largestRoom(in db: Database) throws -> Int? {
        func place() -> Int? {
            largest.indices.max { largest[$0].bytes < largest[$1].bytes }
        }
        // Other rooms may have as many bytes as the last of the list had.
        if place().map({ largest[$0].bytes < max(leastBytes, 1) }) ?? true {
            largest = try Self.largestRooms(db)
            leastBytes = largest.count == Self.largestCount ? largest.last?.bytes ?? 0 : 0
        }
        guard let place = place(), largest[place].bytes > 0 else {
            isTooLarge = false
            return nil
        }
        return place
    }

    /// Deletes an eighth of a room's lines, or a few.
    private func cut(_ id: Int64, rows: Int, now: Timestamp, in db: Database) throws -> Pruned? {
        guard let room = try room(id, in: db), let first = try firstLine(of: id, in: db) else {
            // Somebody has deleted its lines.
            try db.cachedStatement(sql: "UPDATE room SET bytes = 0 WHERE id = ?")
                .execute(arguments: [id])
            return nil
        }
        let share = max(Int(clamping: room.numbers.lines) / 8, Self.smallestCut)
        let kept = min(first + Int64(min(rows, share)), room.numbers.last + 1)
        return try cut(room, to: kept, now: now, in: db)
    }

    private static func largestRooms(_ db: Database) throws -> [(id: Int64, bytes: Int64)] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT id, bytes FROM room WHERE bytes > 0
                    ORDER BY bytes DESC LIMIT \(largestCount)
                    """)
        ).compactMap { row in
            guard let id = StoredNumber.value(row, 0, in: .min ... .max) else { return nil }
            return (id, StoredNumber.value(row, 1, in: 0 ... .max) ?? 0)
        }
    }

    private static func bytes(of room: Int64, in db: Database) throws -> Int64 {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT bytes FROM room WHERE id = ?"), arguments: [room])
        return row.flatMap { StoredNumber.value($0, 0, in: 0 ... .max) } ?? 0
    }

    /// Forgets rooms without lines that nobody follows, about `rows` of them, and keeps the highest
    /// of their numbers: a room that comes again goes on behind it. Returns whether all were looked
    /// at.
    mutating func forgetRooms(
        rows: Int, followed: Set<RoomName>, in db: Database
    ) throws -> Bool {
        let found = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT id, name, last FROM room WHERE since IS NULL AND id > ?
                    ORDER BY id LIMIT ?
                    """),
            arguments: [lookedAt, rows])
        var floor: Int64 = 0
        for row in found {
            guard let id = StoredNumber.value(row, 0, in: .min ... .max) else { continue }
            lookedAt = id
            let name = RoomName(StoredText.text(row, 1))
            if let name, followed.contains(name) { continue }
            guard try firstLine(of: id, in: db) == nil else { continue }
            floor = max(floor, StoredNumber.value(row, 2, in: 0...StoredNumber.limit) ?? 0)
            for table in ["epoch_start WHERE room", "send WHERE room", "room WHERE id"] {
                try db.cachedStatement(sql: "DELETE FROM \(table) = ?").execute(arguments: [id])
            }
            if let name { forgotten.append(name) }
        }
        if floor > 0 {
            try db.cachedStatement(sql: "UPDATE run SET floor = max(floor, ?)")
                .execute(arguments: [floor])
        }
        guard found.count == rows else {
            lookedAt = .min
            return true
        }
        return false
    }
}
