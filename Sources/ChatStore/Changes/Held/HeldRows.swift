internal import Chat
internal import GRDB

/// Reads and writes the lines that wait. The file overwrites what it frees.
enum HeldRows {
    private static let columns = """
        held.id, room.name, time, username, message, user, role, key, block, connection, reason,
        approved
        """
    private static let tables = "held CROSS JOIN room ON room.id = held.room"

    /// Adds a line.
    static func add(_ hold: HeldRequest.Hold, in db: Database) throws -> HeldLine {
        let draft = hold.draft
        try db.cachedStatement(
            sql: "INSERT INTO room (name, rev) VALUES (?, 0) ON CONFLICT (name) DO NOTHING"
        ).execute(arguments: [draft.room.text])
        try db.cachedStatement(
            sql: """
                INSERT INTO held (
                    room, time, username, message, user, role, key, block, connection, reason
                ) SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM room WHERE name = ?
                """
        ).execute(arguments: [
            draft.time.milliseconds, StoredText.value(draft.username),
            StoredText.value(draft.message), StoredAuthor.user(draft.author),
            StoredAuthor.role(draft.author), draft.key.map(StoredText.value) ?? .null,
            Int64(bitPattern: draft.origin.block), Int64(bitPattern: draft.origin.connection),
            hold.reason.rawValue, draft.room.text,
        ])
        return HeldLine(id: UInt64(db.lastInsertedRowID), draft, hold.reason)
    }

    /// All lines, in the order in which they came.
    static func all(in db: Database) throws -> [HeldLine] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT \(columns) FROM \(tables) ORDER BY held.id")
        ).compactMap(line)
    }

    /// The lines of a room.
    static func lines(of room: Int64, in db: Database) throws -> [HeldLine] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT \(columns) FROM \(tables) WHERE held.room = ? ORDER BY held.id"),
            arguments: [room]
        ).compactMap(line)
    }

    /// Those of these lines that wait, in the order that is asked for.
    static func lines(_ ids: [UInt64], in db: Database) throws -> [HeldLine] {
        let statement = try db.cachedStatement(
            sql: "SELECT \(columns) FROM \(tables) WHERE held.id = ?")
        return try ids.compactMap { id in
            try Row.fetchOne(statement, arguments: [Int64(clamping: id)]).flatMap(line)
        }
    }

    /// A moderator wants a line said.
    static func approve(_ id: UInt64, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE held SET approved = 1 WHERE id = ?")
            .execute(arguments: [Int64(clamping: id)])
    }

    static func remove(_ ids: [UInt64], in db: Database) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM held WHERE id = ?")
        for id in ids { try statement.execute(arguments: [Int64(clamping: id)]) }
    }

    /// Nil if somebody has edited the row.
    private static func line(_ row: Row) -> HeldLine? {
        guard let id = StoredNumber.value(row, 0, in: StoredNumber.seqs),
            let room = RoomName(StoredText.text(row, 1)),
            let block = StoredNumber.value(row, 8, in: .min ... .max),
            let connection = StoredNumber.value(row, 9, in: .min ... .max),
            let reason = HeldLine.Reason(rawValue: StoredText.text(row, 10))
        else { return nil }
        var draft = Draft(
            room: room, time: StoredNumber.time(row, 2), username: StoredText.text(row, 3),
            message: StoredText.text(row, 4), by: StoredAuthor.author(row, from: 5),
            key: StoredAuthor.user(row, 7))
        draft.origin = Origin(
            block: UInt64(bitPattern: block), connection: UInt64(bitPattern: connection))
        return HeldLine(
            id: UInt64(id), draft, reason,
            isApproved: StoredNumber.value(row, 11, in: 0...1) == 1)
    }
}
