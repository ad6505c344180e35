internal import Chat
internal import GRDB

/// The deleted lines that may be brought back. The file overwrites what it frees.
enum KeptRows {
    static func add(
        _ lines: [Line], of room: Int64, _ rev: Int64, until: Int64, in db: Database
    ) throws {
        for line in lines {
            try db.cachedStatement(sql: "REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
                .execute(arguments: [
                    room, rev, Int64(line.seq), line.time.milliseconds,
                    StoredText.value(line.username), StoredText.value(line.message),
                    StoredAuthor.user(line.author), StoredAuthor.role(line.author), until,
                ])
        }
    }

    /// Rows that are forgotten at once.
    private static let slice = 256

    /// Lines that a change has deleted, in order, behind one of them.
    static func lines(
        of room: Int64, _ rev: Int64, after seq: Int64, atMost limit: Int, in db: Database
    ) throws -> [Line] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT seq, time, username, message, user, role, NULL FROM kept
                    WHERE room = ? AND rev = ? AND seq > ? ORDER BY seq LIMIT ?
                    """),
            arguments: [room, rev, seq, limit]
        ).compactMap { StoredAuthor.line($0) }
    }

    /// Forgets some of the lines of a change. Returns whether there were any.
    static func remove(of room: Int64, _ rev: Int64, in db: Database) throws -> Bool {
        try forget("room = ? AND rev = ?", [room, rev], in: db)
    }

    /// Forgets some of the lines whose time is over. Returns whether there were any.
    static func forget(at time: Timestamp, in db: Database) throws -> Bool {
        try forget("until <= ?", [time.milliseconds], in: db)
    }

    private static func forget(
        _ condition: StaticString, _ arguments: StatementArguments, in db: Database
    ) throws -> Bool {
        try db.cachedStatement(
            sql: """
                DELETE FROM kept WHERE (room, rev, seq) IN (
                    SELECT room, rev, seq FROM kept WHERE \(condition) LIMIT \(slice)
                )
                """
        ).execute(arguments: arguments)
        return db.changesCount > 0
    }

    /// When the next lines are to be forgotten, in milliseconds since 1970.
    static func next(in db: Database) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT min(until) FROM kept"))
    }
}
