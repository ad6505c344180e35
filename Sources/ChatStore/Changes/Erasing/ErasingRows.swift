internal import Chat
internal import GRDB

/// Deleted lines whose texts are still in the file of lines. They are stored with the change, so
/// that it takes effect at once, and a crash forgets none. The texts leave the file afterwards, a
/// row of these at a time, between groups of lines.
enum ErasingRows {
    /// Lines of a row. Erasing them takes a few milliseconds.
    static let slice = 64

    /// The lines of a row.
    struct Part {
        let room: RoomName
        let id: Int64
        let rev: Int64
        /// The end of the time in which they may be brought back, in milliseconds since 1970.
        let until: Int64
        let lines: [ChangeTable.Gone]
    }

    /// A change deletes these lines.
    static func add(
        _ lines: [Line], of room: Int64, _ rev: Int64, until: Int64, in db: Database
    ) throws {
        let lines = lines.sorted { $0.seq < $1.seq }
        for start in stride(from: 0, to: lines.count, by: slice) {
            let part = lines[start..<min(start + slice, lines.count)]
            let text = part.map { "\($0.seq):\($0.time.milliseconds)" }.joined(separator: " ")
            try db.cachedStatement(sql: "REPLACE INTO erasing VALUES (?, ?, ?, ?, ?, ?)")
                .execute(arguments: [
                    room, rev, Int64(part[start].seq), Int64(part[part.endIndex - 1].seq), until,
                    text,
                ])
        }
    }

    /// The next lines to erase. Nil if there are none.
    static func next(in db: Database) throws -> Part? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT erasing.room, erasing.rev, until, lines, name FROM erasing
                    LEFT JOIN room ON room.id = erasing.room
                    ORDER BY erasing.room, erasing.rev, first LIMIT 1
                    """))
        guard let row, let id = StoredNumber.value(row, 0, in: .min ... .max),
            let rev = StoredNumber.value(row, 1, in: .min ... .max)
        else { return nil }
        let lines = lines(StoredText.text(row, 3), rev)
        guard let room = RoomName(StoredText.text(row, 4)), !lines.isEmpty else {
            // Somebody has edited the file.
            try db.execute(
                sql: "DELETE FROM erasing WHERE room = ? AND rev = ?", arguments: [id, rev])
            return try next(in: db)
        }
        let until = StoredNumber.value(row, 2, in: .min ... .max) ?? 0
        return Part(room: room, id: id, rev: rev, until: until, lines: lines)
    }

    /// The lines of a row are in `gone` from now on.
    static func remove(_ part: Part, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM erasing WHERE room = ? AND rev = ? AND first = ?")
            .execute(arguments: [part.id, part.rev, part.lines[0].seq])
    }

    /// Those of a room among these numbers, and some around them.
    static func lines(
        of room: Int64, _ seqs: ClosedRange<Int64>, in db: Database
    ) throws -> [ChangeTable.Gone] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT rev, lines FROM erasing WHERE room = ? AND first <= ? AND last >= ?
                    """),
            arguments: [room, seqs.upperBound, seqs.lowerBound]
        ).flatMap { row in
            lines(
                StoredText.text(row, 1), StoredNumber.value(row, 0, in: StoredNumber.seqs) ?? 0)
        }
    }

    /// Reads the text of a row.
    private static func lines(_ text: String, _ rev: Int64) -> [ChangeTable.Gone] {
        text.split(separator: " ").compactMap { word in
            let numbers = word.split(separator: ":").map { Int64($0) }
            guard numbers.count == 2, let seq = numbers[0], let time = numbers[1] else {
                return nil
            }
            return ChangeTable.Gone(seq: seq, time: time, rev: rev)
        }
    }
}
