internal import Chat
internal import Foundation
internal import GRDB

/// Copies a database, whose daemon may go on writing, into a file of its own.
///
/// All steps of the copy are in one read transaction, which sees one state of the database. In
/// WAL mode it delays no commit; the WAL is only not begun anew until it ends. Without that
/// transaction, SQLite's backup begins again with each commit of another process and never ends.
enum DatabaseCopy {
    /// Pages of a step (1 MiB).
    private static let pagesAtOnce: CInt = 256
    /// Steps after which the disk gets what was copied. Otherwise the end of the copy gives it all
    /// at once, and the daemon's own writes wait for that.
    private static let stepsUnsynchronized = 16

    /// Rooms, lines and bytes of a copy.
    struct Content: Equatable {
        let rooms: Int
        let lines: Int
        let bytes: Int
        /// The time of the newest line. Nil if there is none.
        let newest: Int64?
    }

    /// Copies all pages into a fresh file. `between` is called after each step.
    static func copy(
        _ source: DatabaseQueue, into file: FreshFile, between: @escaping () throws -> Void = {}
    ) throws {
        let target = try DatabaseQueue(path: file.temporary, configuration: Configuration())
        try target.writeWithoutTransaction { target in
            // An unfinished copy is worth nothing.
            try target.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            try source.read { source in
                // It begins the transaction.
                _ = try Int.fetchOne(source, sql: "SELECT count(*) FROM sqlite_schema")
                var steps = 0
                try source.backup(to: target, pagesPerStep: pagesAtOnce) { _ in
                    steps += 1
                    try between()
                    if steps.isMultiple(of: stepsUnsynchronized) { try file.synchronize() }
                }
            }
        }
        try target.close()
    }

    /// Erases lines of a copy that were deleted, but not yet erased, when it was made.
    static func erase(_ gone: [RoomName: [ChangeTable.Gone]], in path: String) throws {
        guard !gone.isEmpty else { return }
        let connection = try DatabaseQueue(path: path, configuration: Configuration())
        _ = try GoneLines.erase(gone, in: connection)
        try connection.close()
    }

    /// Makes a database a single file, and throws if it is damaged. Returns what it contains.
    static func finish(_ path: String) throws -> Content {
        let connection = try DatabaseQueue(path: path, configuration: Configuration())
        let content = try connection.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = DELETE")
            let result = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? ""
            guard result == "ok" else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: result)
            }
            return try self.content(of: db)
        }
        try connection.close()
        return content
    }

    private static func content(of db: Database) throws -> Content {
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let size = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        return Content(
            rooms: try Int.fetchOne(db, sql: "SELECT count(*) FROM room") ?? 0,
            lines: try Int.fetchOne(db, sql: "SELECT count(*) FROM line") ?? 0,
            bytes: pages * size, newest: try newest(in: db))
    }

    /// The time of the newest line of all rooms, in milliseconds.
    static func newest(in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db,
            sql: """
                SELECT max(line.time) FROM room CROSS JOIN line
                ON line.room = room.id AND line.seq = room.last
                WHERE typeof(line.time) = 'integer'
                """)
    }
}
