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

    /// The same tables, which refuse odd values. What was odd in the old ones is put right, or left
    /// behind.
    ///
    /// - `run.commits`: the groups that were committed since the file was made, see ``Stamp``. NULL
    ///   before the first run of this version.
    /// - `run.present`: the last ``RetentionClock``. NULL before it has run.
    private static let second = """
        DROP INDEX room_since;
        ALTER TABLE room RENAME TO old_room;
        ALTER TABLE line RENAME TO old_line;
        ALTER TABLE send RENAME TO old_send;
        ALTER TABLE epoch RENAME TO old_epoch;
        ALTER TABLE epoch_start RENAME TO old_epoch_start;
        ALTER TABLE run RENAME TO old_run;
        DROP TABLE probe;
        CREATE TABLE room (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 9007199254740991),
            oldest INTEGER NOT NULL CHECK (oldest BETWEEN 1 AND last + 1),
            since INTEGER,
            epoch INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 1099511627776)
        ) STRICT;
        CREATE INDEX room_since ON room (since) WHERE since IS NOT NULL;
        CREATE TABLE line (
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
            time INTEGER NOT NULL CHECK (time BETWEEN 0 AND 253402300799999),
            username ANY NOT NULL CHECK (typeof(username) IN ('text', 'blob')),
            message ANY NOT NULL CHECK (typeof(message) IN ('text', 'blob')),
            PRIMARY KEY (room, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE send (
            time INTEGER NOT NULL CHECK (time BETWEEN 0 AND 253402300799999),
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
            username ANY NOT NULL CHECK (typeof(username) IN ('text', 'blob')),
            key ANY NOT NULL CHECK (typeof(key) IN ('text', 'blob')),
            digest INTEGER NOT NULL,
            PRIMARY KEY (time, room, seq)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE epoch (
            id INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 1099511627776),
            name TEXT NOT NULL UNIQUE
                CHECK (length(name) BETWEEN 1 AND 32 AND name NOT GLOB '*[^a-z0-9]*')
        ) STRICT;
        CREATE TABLE epoch_start (
            room INTEGER NOT NULL,
            epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 1099511627776),
            seq INTEGER NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
            PRIMARY KEY (room, epoch)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE run (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            boot TEXT,
            clean INTEGER NOT NULL CHECK (clean IN (0, 1)),
            durability TEXT NOT NULL CHECK (durability IN ('process', 'power')),
            commits INTEGER CHECK (commits >= 0),
            present INTEGER CHECK (present BETWEEN 0 AND 253402300799999)
        ) STRICT;
        CREATE TABLE probe (
            id INTEGER PRIMARY KEY,
            filler BLOB NOT NULL
        ) STRICT;
        INSERT OR IGNORE INTO room SELECT
            id, name, last, oldest, iif(typeof(since) IN ('integer', 'null'), since, 0), epoch
        FROM old_room;
        INSERT OR IGNORE INTO line SELECT
            room, seq,
            CASE typeof(time) WHEN 'integer' THEN max(0, min(time, 253402300799999)) ELSE 0 END,
            iif(typeof(username) = 'blob', username, CAST(username AS TEXT)),
            iif(typeof(message) = 'blob', message, CAST(message AS TEXT))
        FROM old_line WHERE typeof(room) = 'integer' AND typeof(seq) = 'integer';
        INSERT OR IGNORE INTO send SELECT * FROM old_send
        WHERE typeof(time) = 'integer' AND typeof(room) = 'integer' AND typeof(seq) = 'integer'
            AND typeof(digest) = 'integer';
        INSERT OR IGNORE INTO epoch SELECT * FROM old_epoch;
        INSERT OR IGNORE INTO epoch_start SELECT * FROM old_epoch_start
        WHERE typeof(room) = 'integer' AND typeof(epoch) = 'integer' AND typeof(seq) = 'integer';
        INSERT INTO run SELECT
            1, iif(typeof(boot) = 'text', boot, NULL), clean IS 1,
            iif(durability IN ('process', 'power'), durability, 'process'), NULL, NULL
        FROM old_run;
        DROP TABLE old_room;
        DROP TABLE old_line;
        DROP TABLE old_send;
        DROP TABLE old_epoch;
        DROP TABLE old_epoch_start;
        DROP TABLE old_run;
        """

    /// - `room.bytes`: the bytes of its lines, see ``Upkeep/bytesOfLine``.
    /// - `run.floor`: the highest last number of the rooms that were forgotten. A new room goes on
    ///   behind it, because it may have been one of them.
    private static let third = """
        ALTER TABLE room ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN floor INTEGER NOT NULL DEFAULT 0
            CHECK (floor BETWEEN 0 AND 9007199254740991);
        CREATE INDEX room_empty ON room (id) WHERE since IS NULL;
        UPDATE room SET bytes = coalesce(
            (SELECT sum(\(Upkeep.bytesOfLine)) FROM line WHERE line.room = room.id), 0);
        """

    /// - `user` and `role`: what a line shows of its author, see ``Author``. NULL for a guest.
    /// - `send.user`: the owner of the key. NULL if that is the name.
    private static let fourth = """
        ALTER TABLE line ADD COLUMN user ANY;
        ALTER TABLE line ADD COLUMN role INTEGER;
        ALTER TABLE send ADD COLUMN user ANY;
        """

    /// - `line.gone`: the change that deleted the line. NULL if it wasn't deleted.
    private static let fifth = "ALTER TABLE line ADD COLUMN gone INTEGER"

    /// - `origin`: where the guests' lines of the last day come from, see ``OriginRows``.
    private static let sixth = """
        CREATE TABLE origin (
            time INTEGER NOT NULL,
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            block INTEGER NOT NULL,
            connection INTEGER NOT NULL,
            PRIMARY KEY (time, room, seq)
        ) STRICT, WITHOUT ROWID;
        """

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in try db.execute(sql: first) }
        migrator.registerMigration("2") { db in
            let isOdd = try Repair.rooms(in: db)
            try db.execute(sql: second)
            // A run that is gone promises nothing, so the next one begins an epoch.
            if isOdd { try db.execute(sql: "DELETE FROM run") }
        }
        migrator.registerMigration("3") { db in try db.execute(sql: third) }
        migrator.registerMigration("4") { db in try db.execute(sql: fourth) }
        migrator.registerMigration("5") { db in try db.execute(sql: fifth) }
        migrator.registerMigration("6") { db in try db.execute(sql: sixth) }
        return migrator
    }()

    /// Whether the tables have all that is read. Those of version 1 do.
    static func isReadable(_ db: Database) throws -> Bool {
        try migrator.completedMigrations(db).contains("1")
    }

    /// Throws if this program must not touch the database.
    static func check(_ db: Database, path: String) throws {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id")
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard tables > 0 else { return }
        guard application == applicationID else {
            throw Fault(
                .refused, "\(path) is not a database of Hubbub: move it away, or name another one")
        }
        guard try !migrator.hasBeenSuperseded(db) else {
            throw Fault(
                .refused,
                "\(path) was made by a newer version of Hubbub: install that one, or move the file "
                    + "away")
        }
    }
}
