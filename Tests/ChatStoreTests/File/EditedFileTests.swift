import Chat
import GRDB
import Testing

@testable import ChatStore

/// Somebody has edited the file with another program.
@Suite struct EditedFileTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Values that the store can't have written, in each column of each table.
    static let oddities: [String] =
        [
            "room.name", "room.last", "room.oldest", "room.since", "room.epoch", "room.bytes",
            "line.room",
            "line.seq", "line.time", "line.username", "line.message", "send.time", "send.room",
            "send.seq", "send.username", "send.key", "send.digest", "epoch.id", "epoch.name",
            "epoch_start.room", "epoch_start.epoch", "epoch_start.seq", "run.boot", "run.clean",
            "run.durability", "run.commits", "run.present", "run.floor",
        ].flatMap { column in
            [
                "0", "-1", "9223372036854775807", "-9223372036854775808", "9007199254740991",
                "'text'", "''", "x'ff00'", "1.5", "NULL", "9e99",
            ].map { "\(column) = \($0)" }
        }

    /// Makes the closed database forget its checks, so that it takes any value.
    private func allowAll() throws {
        try directory.edit { db in
            try db.execute(
                sql: """
                    ALTER TABLE room RENAME TO strict;
                    CREATE TABLE room (
                        id INTEGER PRIMARY KEY, name, last, oldest, since, epoch, bytes);
                    INSERT INTO room SELECT * FROM strict;
                    DROP TABLE strict;
                    ALTER TABLE epoch RENAME TO strict;
                    CREATE TABLE epoch (id INTEGER PRIMARY KEY, name);
                    INSERT INTO epoch SELECT * FROM strict;
                    DROP TABLE strict;
                    """)
            for table in ["line", "send", "epoch_start", "run"] {
                try db.execute(
                    sql: """
                        CREATE TABLE plain AS SELECT * FROM \(table);
                        DROP TABLE \(table);
                        ALTER TABLE plain RENAME TO \(table);
                        """)
            }
            try db.execute(
                sql: """
                    CREATE UNIQUE INDEX room_name ON room (name);
                    CREATE UNIQUE INDEX line_key ON line (room, seq);
                    CREATE UNIQUE INDEX run_key ON run (id);
                    CREATE UNIQUE INDEX send_key ON send (time, room, seq);
                    CREATE UNIQUE INDEX epoch_start_key ON epoch_start (room, epoch);
                    """)
        }
    }

    private func fill(_ directory: TemporaryDirectory) throws {
        let store = StoreHarness(directory)
        _ = try store.append((1...5).map { .line("\($0)", key: "\($0)") })
        _ = try store.append([.line("a", room: RoomName(1))])
        store.store.close()
    }

    /// The last number is taken in one of the rooms.
    private static let full = ["line.seq = 9007199254740991", "room.last = 9007199254740991"]

    @Test(arguments: oddities.filter { !full.contains($0) })
    func `an odd value ends nothing, and lines can be stored and read`(_ change: String) throws {
        try fill(directory)
        try allowAll()
        let parts = change.split(separator: ".", maxSplits: 1)
        try directory.edit { db in
            // One row, because some columns must differ. SQLite itself refuses texts as a row's id.
            try? db.execute(
                sql: "UPDATE OR IGNORE \(parts[0]) SET \(parts[1]) WHERE rowid = 1")
        }
        let retention = Retention(days: 7, lines: 3)
        for life in 1...2 {
            let store = StoreHarness(directory, retention: retention)
            _ = try store.follow()
            let numbers = try #require(try store.append([.line("new \(life)", key: "k")]))
            let snapshot = try #require(try store.follow())
            #expect(numbers == [snapshot.lastSeq])
            #expect(snapshot.ends.allSatisfy { $0.seq <= snapshot.lastSeq })
            #expect(1...snapshot.lastSeq ~= snapshot.oldest)
            let page = try #require(try store.page(from: snapshot.lastSeq))
            #expect(page.lines.map(\.message) == ["new \(life)"])
            _ = try store.page()
            #expect(try store.append([.line("b", room: RoomName(1))]) != nil)
            store.store.close()
        }
    }

    @Test func `a file of this version refuses odd values`() throws {
        try fill(directory)
        for change in Self.oddities
        where change.hasPrefix("room.last") || change.hasPrefix("run.clean") {
            let parts = change.split(separator: ".", maxSplits: 1)
            let isEven = ["= 9007199254740991", "= 0", "= NULL"].contains(where: change.hasSuffix)
            guard !isEven else { continue }
            #expect(throws: DatabaseError.self, "\(change)") {
                try directory.edit {
                    try $0.execute(sql: "UPDATE \(parts[0]) SET \(parts[1])")
                }
            }
        }
    }

    @Test func `after numbers were repaired, a new epoch begins`() throws {
        try fill(directory)
        try allowAll()
        try directory.edit { try $0.execute(sql: "UPDATE room SET last = 'many' WHERE id = 1") }
        let store = StoreHarness(directory)
        #expect(try store.append([.line("6")]) == [6])
        #expect(try store.follow()?.ends.count == 1)
    }

    @Test func `a line that somebody has inserted mutes nobody`() throws {
        let store = StoreHarness(directory)
        let other = try RoomName(1)
        _ = try store.append(Draft.lines(1...3))
        try directory.edit {
            try $0.execute(
                sql: """
                    INSERT INTO line (room, seq, time, username, message)
                    VALUES (1, 4, 1800000000000, 'eve', 'mine')
                    """)
        }
        #expect(try store.append([.line("b", room: other), .line("5"), .line("6")]) == [1, 5, 6])
        #expect(try store.page()?.lines.map(\.message) == ["1", "2", "3", "mine", "5", "6"])
        #expect(try store.append([.line("7")]) == [7])
        #expect(!store.store.metrics.isFailing)
    }

    @Test func `a line that the file refuses fails alone`() throws {
        let store = StoreHarness(directory)
        let other = try RoomName(1)
        _ = try store.append([.line("1"), .line("a", room: other)])
        try directory.edit { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON line WHEN NEW.message = 'poison'
                    BEGIN SELECT RAISE(FAIL, 'poisoned'); END;
                    UPDATE room SET last = 9007199254740991 WHERE name = 'room-1'
                    """)
        }
        store.submit([.line("2"), .line("poison"), .line("3")])
        #expect(
            try store.answers() == [
                .ordered(seq: 2, time: .start), .failed, .ordered(seq: 3, time: .start),
            ])
        store.store.close()
        let next = StoreHarness(directory)
        next.submit([.line("4"), .line("b", room: other)])
        #expect(try next.answers() == [.ordered(seq: 4, time: .start), .failed])
        #expect(!next.store.metrics.isFailing)
    }

    @Test func `a room whose row is gone goes on with its numbers`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...3))
        try directory.edit { try $0.execute(sql: "DELETE FROM room") }
        #expect(try store.append([.line("4")]) == [4])
        #expect(try store.follow()?.lastSeq == 4)
        #expect(try store.page(from: 4)?.lines.map(\.message) == ["4"])
    }
}
