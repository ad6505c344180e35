import Chat
import GRDB
import Testing

@testable import ChatStore

@Suite struct GroupTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Makes the database refuse the line `poison` from now on.
    private func poison() throws {
        try directory.edit { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON line WHEN NEW.message = 'poison'
                    BEGIN SELECT json('poisoned'); END
                    """)
        }
    }

    /// Makes every probe fail from now on, until `cure`, so that the store doesn't recover.
    private func spoilProbes() throws {
        try directory.edit { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER probed BEFORE INSERT ON probe
                    BEGIN SELECT RAISE(FAIL, 'still bad'); END
                    """)
        }
    }

    private func cure() throws {
        try directory.edit { db in
            try db.execute(sql: "DROP TRIGGER poison; DROP TRIGGER probed")
        }
    }

    @Test func `a failed group leaves nothing behind and uses no number`() throws {
        let store = StoreHarness(directory)
        _ = try store.ready()
        try poison()
        let other = try RoomName(1)
        #expect(try store.append([.line("a", key: "a")]) == [1])
        #expect(
            try store.append([
                .line("b", key: "b"), .line("c", room: other, key: "c"), .line("poison"),
            ]) == nil)
        try store.recovered()
        #expect(try store.follow(other) == store.snapshot(lastSeq: 0, oldest: 1))
        #expect(try store.append([.line("d", room: other), .line("e")]) == [1, 2])
        #expect(try store.page()?.lines.map(\.message) == ["a", "e"])
        let keys = try directory.edit { try String.fetchAll($0, sql: "SELECT key FROM send") }
        #expect(keys == ["a"])
        let metrics = store.store.metrics
        #expect(metrics.linesStored == 3)
        #expect(metrics.groups == 2)
        #expect(metrics.failedGroups == 1)
        #expect(metrics.commits.sum >= UInt64(metrics.lastCommitNanoseconds))
    }

    @Test
    func `a failing store reports it once, refuses appends, and reports its recovery`() throws {
        let store = StoreHarness(directory)
        _ = try store.ready()
        try poison()
        try spoilProbes()
        #expect(try store.append([.line("poison")]) == nil)
        #expect(store.store.metrics.isFailing)
        for _ in 0..<3 { #expect(try store.append([.line("a")]) == nil) }
        #expect(try store.page() == RoomPage(lines: [], through: 0, oldest: 1))
        try cure()
        try store.recovered()
        #expect(!store.store.metrics.isFailing)
        #expect(try store.append([.line("a")]) == [1])

        var told = store.replies.filter { if case .failing = $0 { true } else { false } }
        #expect(told.count == 1)
        guard case .failing(let reason)? = told.popLast() else { return }
        #expect(reason.contains(directory.database))
        #expect(reason.contains("malformed JSON"))
    }

    @Test func `appends are answered in order, and their lines can then be read`() throws {
        let store = StoreHarness(directory)
        for number in 1...200 { store.submit([.line("\(number)")]) }
        for number in 1...200 as ClosedRange<UInt64> {
            #expect(try store.answers() == [.ordered(seq: number, time: .start)])
        }
        guard case .ready = store.replies.first else {
            Issue.record("the first reply was not .ready")
            return
        }
        for number in 201...260 as ClosedRange<UInt64> {
            #expect(try store.append([.line("\(number)")]) == [number])
            #expect(try store.follow()?.lastSeq == number)
            #expect(try store.page(from: number)?.lines.map(\.message) == ["\(number)"])
        }
    }

    @Test func `a group comes back as the entries of its rooms, then its answers`() throws {
        let store = StoreHarness(directory, retention: Retention(days: 0, lines: 1))
        _ = try store.ready()
        let rooms = try (1...3).map { try RoomName($0) }
        _ = try store.append([.line("a", room: rooms[2])])
        store.submit([
            .line("b", room: rooms[1]), .line("c", room: rooms[2]), .line("d", room: rooms[1]),
            .line("e", room: rooms[0]), .line("f", room: rooms[2]),
        ])
        func line(_ seq: UInt64, _ text: String) -> RoomEntry {
            .line(Line(seq: seq, time: .start, username: "ann", message: text))
        }
        _ = try store.answers()
        #expect(
            store.replies.drop { $0 != .entries(rooms[1], [line(1, "b"), line(2, "d")]) }.prefix(4)
                == [
                    .entries(rooms[1], [line(1, "b"), line(2, "d")]),
                    .entries(rooms[2], [line(2, "c"), line(3, "f")]),
                    .entries(rooms[0], [line(1, "e")]),
                    .answered(
                        ([1, 2, 2, 1, 3] as [UInt64]).map { .ordered(seq: $0, time: .start) }),
                ])
    }

    @Test func `more rooms than fit in memory keep their numbers`() throws {
        let store = StoreHarness(directory)
        let drafts = try (1...5_000).map { Draft.line("x", room: try RoomName($0)) }
        #expect(try store.append(drafts) == Array(repeating: 1, count: 5_000))
        #expect(try store.append([drafts[0]]) == [2])
        #expect(try store.append(drafts) == [3] + Array(repeating: 2, count: 4_999))
        #expect(try store.append([drafts[4_999]]) == [3])
    }
}
