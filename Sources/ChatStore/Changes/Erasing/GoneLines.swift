internal import Chat
internal import GRDB

/// Takes the texts of deleted lines out of the file of lines. Their rows stay, so that numbers have
/// no holes.
enum GoneLines {
    /// Those of these lines that a room has.
    static func lines(_ seqs: [UInt64], of room: RoomNumbers, in db: Database) throws -> [Line] {
        try Set(seqs).compactMap { seq in
            guard let number = Int64(exactly: seq), number <= room.last else { return nil }
            let row = try Row.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT \(StoredAuthor.columns(in: db)) FROM line
                        WHERE room = ? AND seq = ?
                        """),
                arguments: [room.id, number])
            return row.flatMap(StoredAuthor.line)
        }
    }

    /// Erases the next of the lines that are to be erased, after their texts are kept for undo.
    /// Returns whether there were any.
    static func eraseNext(
        _ changes: ChangeTable, in connection: DatabaseQueue, at time: Timestamp
    ) throws -> Bool {
        guard let part = try changes.nextErasing() else { return false }
        let texts = try connection.read { db -> [Line] in
            guard let numbers = try RoomNumbers.stored(part.room, in: db) else { return [] }
            let times = Dictionary(part.lines.map { ($0.seq, $0.time) }) { first, _ in first }
            return try lines(part.lines.map { UInt64($0.seq) }, of: numbers, in: db).filter {
                !$0.isDeleted && times[Int64($0.seq)] == $0.time.milliseconds
            }
        }
        try changes.erases(part, texts, at: time)
        // A crash before this is done: the next opening finds the lines among those that are gone.
        _ = try erase([part.room: part.lines], in: connection)
        return true
    }

    /// Erases all deleted lines that the file has, but for those that are to be erased in their
    /// turn: a crash may have come between, or the file is a backup of an earlier time. Returns
    /// whether there were any.
    static func eraseAgain(_ changes: ChangeTable, in connection: DatabaseQueue) throws -> Bool {
        try erase(changes.gone(withErasing: false), in: connection)
    }

    /// Overwrites lines. Nothing of a text is left in the database's pages. Returns whether there
    /// were any.
    static func erase(
        _ gone: [RoomName: [ChangeTable.Gone]], in connection: DatabaseQueue
    ) throws -> Bool {
        guard !gone.isEmpty else { return false }
        var found = false
        try connection.writeWithoutTransaction { db in
            try db.inImmediateTransaction {
                try securely(in: db) {
                    for (room, lines) in gone {
                        guard let id = try RoomNumbers.stored(room, in: db)?.id else { continue }
                        for line in lines {
                            let isNew = try erase(line.seq, line.time, of: id, line.rev, in: db)
                            found = found || isNew
                        }
                    }
                }
            }
        }
        return found
    }

    /// Returns whether there was such a line.
    private static func erase(
        _ seq: Int64, _ time: Int64, of room: Int64, _ rev: Int64, in db: Database
    ) throws -> Bool {
        try db.cachedStatement(
            sql: """
                UPDATE room SET bytes = bytes + \(Upkeep.lineBytes) - (
                    SELECT \(Upkeep.bytesOfLine) FROM line
                    WHERE room = ?1 AND seq = ?2 AND time = ?3 AND gone IS NULL
                ) WHERE id = ?1 AND EXISTS (
                    SELECT 1 FROM line WHERE room = ?1 AND seq = ?2 AND time = ?3 AND gone IS NULL
                )
                """
        ).execute(arguments: [room, seq, time])
        guard db.changesCount > 0 else { return false }
        try db.cachedStatement(
            sql: """
                UPDATE line SET username = '', message = '', user = NULL, role = NULL, gone = ?4
                WHERE room = ?1 AND seq = ?2 AND time = ?3
                """
        ).execute(arguments: [room, seq, time, rev])
        return true
    }

    /// Brings lines back, byte for byte.
    private static func restore(_ lines: [Line], of room: Int64, in db: Database) throws {
        for line in lines {
            try db.cachedStatement(
                sql: """
                    UPDATE line SET username = ?4, message = ?5, user = ?6, role = ?7, gone = NULL
                    WHERE room = ?1 AND seq = ?2 AND time = ?3 AND gone IS NOT NULL
                    """
            ).execute(arguments: [
                room, Int64(line.seq), line.time.milliseconds, StoredText.value(line.username),
                StoredText.value(line.message), StoredAuthor.user(line.author),
                StoredAuthor.role(line.author),
            ])
            guard db.changesCount > 0 else { continue }
            try db.cachedStatement(
                sql: """
                    UPDATE room SET bytes = bytes - \(Upkeep.lineBytes) + (
                        SELECT \(Upkeep.bytesOfLine) FROM line WHERE room = ?1 AND seq = ?2
                    ) WHERE id = ?1
                    """
            ).execute(arguments: [room, Int64(line.seq)])
        }
    }

    static func restore(
        _ lines: [Line], of room: RoomName, in connection: DatabaseQueue
    ) throws {
        try connection.writeWithoutTransaction { db in
            try db.inImmediateTransaction {
                guard let id = try RoomNumbers.stored(room, in: db)?.id else { return }
                try restore(lines, of: id, in: db)
            }
        }
    }

    /// Does that for changes that were undone, and whose lines are still kept: the power may have
    /// failed. Returns the changes.
    static func restoreAgain(
        _ changes: ChangeTable, in connection: DatabaseQueue
    ) throws -> [(room: RoomName, rev: UInt64)] {
        try changes.undoneKept().map { undone in
            try restore(undone.lines, of: undone.room, in: connection)
            return (undone.room, undone.rev)
        }
    }

    /// Freed bytes and pages are overwritten meanwhile.
    private static func securely(in db: Database, _ body: () throws -> Void) throws {
        try db.execute(sql: "PRAGMA secure_delete = ON")
        defer { try? db.execute(sql: "PRAGMA secure_delete = FAST") }
        try body()
    }

    /// Moves the log of commits (WAL) into the database and empties it. Returns false if a reader
    /// is in the way, so that it must be tried again.
    static func emptyLog(of connection: DatabaseQueue) throws -> Bool {
        try connection.writeWithoutTransaction { db in
            let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return row.flatMap { StoredNumber.value($0, 0, in: 0...1) } == 0
        }
    }
}
