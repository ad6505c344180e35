internal import GRDB

/// The tables of the database, by version. A published version is never changed: a newer version is
/// one more migration.
enum Schema {
    /// Distinguishes Hubbub's databases from others (SQLite's `application_id`): "hubb".
    static let applicationID = 0x6875_6262

    /// - `room`: a row for each room that ever had a line. `last` is the number of the last line
    ///   ever stored. `oldest` is the number of the oldest line left, or `last + 1` if none is
    ///   left, and `since` is its time. `epoch` is that of the last line.
    /// - `line`: clustered by room and number, so that a page is one piece of the file, and
    ///   retention cuts off its start. A text that contains U+0000 is a blob, see ``StoredText``.
    /// - `send`: lines with a key in order of time, so that those of the last minutes are read
    ///   without a scan of the lines.
    /// - `epoch`: epochs in order, the last one being current.
    /// - `epoch_start`: the first line of an epoch in a room. The end of an earlier epoch follows
    ///   from it.
    /// - `run`: the last ``Run``.
    /// - `probe`: normally empty, see ``DatabaseFile/probe(_:)``.
    private static let first = """
        CREATE TABLE room (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            last INTEGER NOT NULL,
            oldest INTEGER NOT NULL,
            since INTEGER,
            epoch INTEGER NOT NULL
        );
        CREATE INDEX room_since ON room (since) WHERE since IS NOT NULL;
        CREATE TABLE line (
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            time INTEGER NOT NULL,
            username TEXT NOT NULL,
            message TEXT NOT NULL,
            PRIMARY KEY (room, seq)
        ) WITHOUT ROWID;
        CREATE TABLE send (
            time INTEGER NOT NULL,
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            username TEXT NOT NULL,
            key TEXT NOT NULL,
            digest INTEGER NOT NULL,
            PRIMARY KEY (time, room, seq)
        ) WITHOUT ROWID;
        CREATE TABLE epoch (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE
        );
        CREATE TABLE epoch_start (
            room INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            PRIMARY KEY (room, epoch)
        ) WITHOUT ROWID;
        CREATE TABLE run (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            boot TEXT,
            clean INTEGER NOT NULL,
            durability TEXT NOT NULL
        );
        CREATE TABLE probe (
            id INTEGER PRIMARY KEY,
            filler BLOB NOT NULL
        );
        PRAGMA application_id = \(applicationID);
        """

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        return migrator
    }()

    /// Throws if this program must not touch the database.
    static func check(_ db: Database, path: String) throws {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard tables > 0 else { return }
        guard application == applicationID else {
            throw Fault(
                .refused, "\(path) is not a database of Hubbub: move it away, and restart")
        }
        guard try !migrator.hasBeenSuperseded(db) else {
            throw Fault(
                .refused,
                "\(path) was made by a newer version of Hubbub: install that one, or move the file "
                    + "away, and restart")
        }
    }
}
