internal import Chat
internal import Foundation
internal import GRDB
internal import Logging

/// The database of changes: a file of its own beside that of the lines, so that restoring a backup
/// of the lines never takes a change back. It has no text of a line.
struct ChangeFile: Sendable {
    /// The database's name in its directory.
    static let fileName = "moderation.db"
    /// Distinguishes these databases from others (SQLite's `application_id`): "hubm".
    private static let applicationID = 0x6875_626D

    let path: String
    let log: Logger?

    init(directory: String, log: Logger? = nil) {
        self.init(path: "\(directory)/\(Self.fileName)", log: log)
    }

    init(path: String, log: Logger?) {
        self.path = path
        self.log = log
    }

    /// - `room`: the last number of each room's changes, and the settings that they add up to. It
    ///   outlives the room's lines.
    /// - `change`: the changes of each room. `author` is the user that made it, and `key` the id of
    ///   its command. `body` is what is needed to tell it again, see ``ChangeTable``.
    /// - `gone`: deleted lines. The time tells a line from one that got the same number after a
    ///   backup was restored.
    private static let first = """
        CREATE TABLE room (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            rev INTEGER NOT NULL CHECK (rev BETWEEN 0 AND 9007199254740991),
            settings TEXT
        ) STRICT;
        CREATE TABLE change (
            room INTEGER NOT NULL,
            rev INTEGER NOT NULL CHECK (rev BETWEEN 1 AND 9007199254740991),
            after INTEGER NOT NULL CHECK (after BETWEEN 0 AND 9007199254740991),
            time INTEGER NOT NULL CHECK (time BETWEEN 0 AND 253402300799999),
            action TEXT NOT NULL,
            author ANY NOT NULL CHECK (typeof(author) IN ('text', 'blob')),
            key ANY CHECK (typeof(key) IN ('text', 'blob', 'null')),
            digest INTEGER NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (room, rev)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX change_key ON change (room, author, key) WHERE key IS NOT NULL;
        CREATE TABLE gone (
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
            time INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            PRIMARY KEY (room, seq, time)
        ) STRICT, WITHOUT ROWID;
        PRAGMA application_id = \(applicationID);
        """

    /// - `ban`: the bans and timeouts in force. `key` is ``BanKey/text``, and `folded` the name in
    ///   the form in which names are compared.
    private static let second = """
        CREATE TABLE ban (
            room INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            key ANY NOT NULL CHECK (typeof(key) IN ('text', 'blob')),
            timeout INTEGER NOT NULL CHECK (timeout IN (0, 1)),
            kind TEXT NOT NULL,
            user ANY,
            username ANY,
            folded ANY,
            block INTEGER NOT NULL,
            connection INTEGER NOT NULL,
            time INTEGER NOT NULL,
            until INTEGER,
            reason ANY NOT NULL,
            author ANY NOT NULL,
            rank INTEGER NOT NULL,
            PRIMARY KEY (room, rev)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX ban_key ON ban (room, timeout, key);
        CREATE INDEX ban_user ON ban (room, user) WHERE user IS NOT NULL;
        CREATE INDEX ban_name ON ban (room, folded) WHERE folded IS NOT NULL;
        CREATE INDEX ban_until ON ban (until) WHERE until IS NOT NULL;
        """

    /// - `change.rank`: that of its author. `note` is for the log, see ``LogText``. `before` has
    ///   the settings before a change of them, and `undone` is the change that has undone it.
    /// - `kept`: the deleted lines that may be brought back, until then.
    private static let third = """
        ALTER TABLE change ADD COLUMN rank INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE change ADD COLUMN note TEXT NOT NULL DEFAULT '';
        ALTER TABLE change ADD COLUMN before TEXT;
        ALTER TABLE change ADD COLUMN undone INTEGER;
        CREATE TABLE kept (
            room INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            time INTEGER NOT NULL,
            username ANY NOT NULL,
            message ANY NOT NULL,
            user ANY,
            role INTEGER,
            until INTEGER NOT NULL,
            PRIMARY KEY (room, rev, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX kept_until ON kept (until);
        CREATE INDEX gone_rev ON gone (room, rev);
        """

    /// - `erasing`: deleted lines whose texts are still in the file of lines, see ``ErasingRows``.
    private static let fourth = """
        CREATE TABLE erasing (
            room INTEGER NOT NULL,
            rev INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL,
            until INTEGER NOT NULL,
            lines TEXT NOT NULL,
            PRIMARY KEY (room, rev, first)
        ) STRICT, WITHOUT ROWID;
        """

    /// The lines that wait. `key` is the id of the line's command.
    private static let held = """
        CREATE TABLE held (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            room INTEGER NOT NULL,
            time INTEGER NOT NULL CHECK (time BETWEEN 0 AND 253402300799999),
            username ANY NOT NULL CHECK (typeof(username) IN ('text', 'blob')),
            message ANY NOT NULL CHECK (typeof(message) IN ('text', 'blob')),
            user ANY,
            role INTEGER,
            key ANY CHECK (typeof(key) IN ('text', 'blob', 'null')),
            block INTEGER NOT NULL,
            connection INTEGER NOT NULL,
            reason TEXT NOT NULL,
            approved INTEGER NOT NULL DEFAULT 0 CHECK (approved IN (0, 1))
        ) STRICT;
        CREATE INDEX held_room ON held (room);
        """

    /// - `term`: the terms of each room.
    private static let fifth = """
        CREATE TABLE term (
            room INTEGER NOT NULL,
            text TEXT NOT NULL,
            action TEXT NOT NULL,
            PRIMARY KEY (room, text)
        ) STRICT, WITHOUT ROWID;
        """

    private static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        migrator.registerMigration("2") { db in try db.execute(sql: second) }
        migrator.registerMigration("3") { db in try db.execute(sql: third) }
        migrator.registerMigration("4") { db in try db.execute(sql: fourth) }
        migrator.registerMigration("5") { db in try db.execute(sql: fifth) }
        migrator.registerMigration("held") { db in try db.execute(sql: held) }
        return migrator
    }()

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Opens the database, or creates it. A corrupt one is kept under another name.
    func open(at date: Date) throws(Fault) -> DatabaseQueue {
        do {
            return try opened()
        } catch {
            let fault = Fault(error, path: path)
            guard fault.kind == .corrupt else { throw fault }
            let name = "\(path)-corrupt-\(Int(date.timeIntervalSince1970))"
            log?.error(
                "The file of changes is corrupt: deletions, and who made them, begin anew",
                metadata: ["error": "\(fault.reason)", "kept": "\(name)"])
            do {
                try FileManager.default.moveItem(atPath: path, toPath: name)
                for suffix in ["-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: path + suffix)
                }
                return try opened()
            } catch {
                throw Fault(error, path: path)
            }
        }
    }

    /// Opens the database for reading, while a daemon may be writing. Nil if there is none.
    func openForReading() throws -> DatabaseQueue? {
        guard exists else { return nil }
        let hasLog = FileManager.default.fileExists(atPath: path + "-wal")
        do {
            let connection = try PrivateFile.databaseForReading(path)
            _ = try connection.read { try $0.tableExists("change") }
            return connection
        } catch  where !hasLog {
            // Without the right to write the directory, only a file that no daemon uses is read.
            return try PrivateFile.databaseForReading(path, isUnchanging: true)
        }
    }

    private func opened() throws -> DatabaseQueue {
        let connection = try PrivateFile.database(path)
        try connection.writeWithoutTransaction { db in
            let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
            let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
            guard tables == 0 || application == Self.applicationID else {
                throw Fault(.refused, "\(path) is not a file of Hubbub's changes: move it away")
            }
            try db.execute(sql: "PRAGMA journal_mode = WAL")
            // A moderator's work is rare, and must not be lost.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        try Self.migrator.migrate(connection)
        return connection
    }
}
