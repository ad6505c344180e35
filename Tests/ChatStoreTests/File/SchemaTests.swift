import Chat
import GRDB
import Testing

@testable import ChatStore

@Suite struct SchemaTests {
    /// The file that version 1 has left. This text never changes.
    private static let versionOne = """
        PRAGMA auto_vacuum = INCREMENTAL;
        PRAGMA journal_mode = WAL;
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
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
        PRAGMA application_id = 1752523362;
        INSERT INTO grdb_migrations VALUES ('1');
        INSERT INTO epoch VALUES (1, 'old'), (2, 'present');
        INSERT INTO run VALUES (1, 'first', 1, 'process');
        INSERT INTO room VALUES (1, 'lobby', 12, 11, 1800000000000, 2);
        INSERT INTO epoch_start VALUES (1, 1, 1), (1, 2, 12);
        INSERT INTO line VALUES (1, 11, 1800000000000, 'ann', 'hi');
        INSERT INTO line VALUES (1, 12, 1800000000001, 'bob', x'610062');
        INSERT INTO send VALUES (1800000000001, 1, 12, 'bob', 'key', -1);
        """

    /// The tables of version 2. This text never changes.
    private static let versionTwo = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
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
        """

    /// What version 3 adds. This text never changes.
    private static let versionThree = """
        ALTER TABLE room ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE run ADD COLUMN floor INTEGER NOT NULL DEFAULT 0
            CHECK (floor BETWEEN 0 AND 9007199254740991);
        CREATE INDEX room_empty ON room (id) WHERE since IS NULL;
        """

    /// What version 4 adds. This text never changes.
    private static let versionFour = """
        ALTER TABLE line ADD COLUMN user ANY;
        ALTER TABLE line ADD COLUMN role INTEGER;
        ALTER TABLE send ADD COLUMN user ANY;
        """

    /// What version 5 adds. This text never changes.
    private static let versionFive = """
        ALTER TABLE line ADD COLUMN gone INTEGER;
        """
    private static let versionSix = """
        CREATE TABLE origin (
            time INTEGER NOT NULL,
            room INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            block INTEGER NOT NULL,
            connection INTEGER NOT NULL,
            PRIMARY KEY (time, room, seq)
        ) STRICT, WITHOUT ROWID;
        """

    @Test func `a database of version 1 is opened`() throws {
        let directory = try TemporaryDirectory()
        try directory.edit { try $0.execute(sql: Self.versionOne) }
        let store = StoreHarness(directory)
        let (old, present) = (try #require(Epoch("old")), try #require(Epoch("present")))
        let send = StoredSend(
            room: .lobby, username: "bob", key: "key", seq: 12, time: .start.later(by: 1),
            digest: .max)
        #expect(try store.ready() == OrdererOpening(epoch: present, sends: [send]))
        let ends = [EpochEnd(epoch: old, seq: 11)]
        #expect(try store.follow() == store.snapshot(lastSeq: 12, oldest: 11, ends: ends))
        let lines = [
            Line(seq: 11, time: .start, username: "ann", message: "hi"),
            Line(seq: 12, time: .start.later(by: 1), username: "bob", message: "a\u{0}b"),
        ]
        #expect(try store.page() == RoomPage(lines: lines, through: 12, oldest: 11))
        #expect(try store.append([.line("next")]) == [13])
        store.store.close()
        let bytes = try directory.edit { try Int.fetchOne($0, sql: "SELECT bytes FROM room") }
        #expect(bytes == 3 * Upkeep.lineBytes + "annhi".count + "boba-b".count + "annnext".count)
    }

    @Test func `this version makes the tables of the last published one`() throws {
        let (old, new) = (try TemporaryDirectory(), try TemporaryDirectory())
        try old.edit {
            try $0.execute(
                sql: Self.versionTwo + Self.versionThree + Self.versionFour + Self.versionFive
                    + Self.versionSix)
        }
        let store = StoreHarness(new)
        _ = try store.ready()
        store.store.close()
        let sql = "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'grdb%' ORDER BY name"
        let tables = try old.edit { try String?.fetchAll($0, sql: sql) }
        #expect(try new.edit { try String?.fetchAll($0, sql: sql) } == tables)
        #expect(
            try new.edit { try Int.fetchOne($0, sql: "PRAGMA application_id") }
                == Schema.applicationID)
    }
}
