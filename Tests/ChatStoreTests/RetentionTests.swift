import Chat
import GRDB
import Synchronization
import Testing

@testable import ChatStore

@Suite struct RetentionTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// A clock that a test sets.
    private final class Clock: Sendable {
        private let time = Mutex(Timestamp.start)

        func set(_ time: Timestamp) { self.time.withLock { $0 = time } }

        var machine: Machine {
            var machine = Machine.quick
            machine.now = { self.time.withLock { $0 } }
            return machine
        }
    }

    private let day: Int64 = 86_400_000

    @Test func `a room keeps its last lines, and its numbers continue`() throws {
        let store = StoreHarness(directory, retention: Retention(days: 0, lines: 10))
        _ = try store.append(Draft.lines(1...25))
        try store.pruned(oldest: 16)
        #expect(try store.follow() == store.snapshot(lastSeq: 25, oldest: 16))
        let page = try #require(try store.page())
        #expect(page.oldest == 16)
        #expect(page.lines.map(\.seq) == Array(16...25))
        #expect(try store.append([.line("26")]) == [26])
        try store.pruned(oldest: 17)
        #expect(try store.page(from: 3, through: 17)?.lines.map(\.seq) == [17])
        #expect(
            try store.page(from: 3, through: 16)
                == RoomPage(lines: [], through: 16, oldest: 17))
        #expect(store.store.metrics.linesPruned == 16)
    }

    @Test
    func `a room with too many lines is pruned in slices, and other rooms take turns`() throws {
        let first = StoreHarness(directory)
        _ = try first.append(Draft.lines(1...5_000))
        first.store.close()
        let store = StoreHarness(directory, retention: Retention(days: 0, lines: 100))
        let other = try RoomName(1)
        #expect(try store.append([.line("a", room: other)]) == [1])
        try store.pruned(oldest: 4_901)
        let steps = store.replies.compactMap { reply -> UInt64? in
            if case .pruned(.lobby, let oldest) = reply { oldest } else { nil }
        }
        #expect(steps.count > 1)
        #expect(steps == steps.sorted())
        #expect(try store.follow() == store.snapshot(lastSeq: 5_000, oldest: 4_901))
        #expect(try store.follow(other) == store.snapshot(lastSeq: 1, oldest: 1))
    }

    @Test func `pruning keeps up with a room that grows as fast as it can`() throws {
        let store = StoreHarness(directory, retention: Retention(days: 0, lines: 1_000))
        for group in 0..<100 {
            let first = UInt64(group * 500 + 1)
            let drafts = Draft.lines(group * 500 + 1...group * 500 + 500)
            #expect(try store.append(drafts) == Array(first...first + 499))
            let room = try #require(try store.follow())
            // Slices alternate with groups, so at most a group and a slice are over the limit.
            #expect(room.lastSeq - room.oldest < 1_000 + 500 + 2 * UInt64(Upkeep.slice))
        }
        try store.pruned(oldest: 49_001)
    }

    @Test
    func `old lines are deleted in every room, and the last number outlives the last line`() throws
    {
        let clock = Clock()
        let store = StoreHarness(
            directory, retention: Retention(days: 7, lines: 0), machine: clock.machine)
        let other = try RoomName(1)
        _ = try store.append([
            .line("1"), .line("2", at: .start.later(by: day)), .line("a", room: other),
        ])
        clock.set(.start.later(by: 7 * day + 1))
        var awaited: [OrdererReply] = [.pruned(.lobby, oldest: 2), .pruned(other, oldest: 2)]
        while !awaited.isEmpty {
            let reply = try store.next()
            awaited.removeAll { $0 == reply }
        }
        #expect(try store.follow() == store.snapshot(lastSeq: 2, oldest: 2))
        #expect(try store.follow(other) == store.snapshot(lastSeq: 1, oldest: 2))
        #expect(try store.page(other) == RoomPage(lines: [], through: 1, oldest: 2))

        let late = Timestamp.start.later(by: 30 * day)
        clock.set(late)
        try store.pruned(oldest: 3)
        #expect(try store.append([.line("b", room: other, at: late)]) == [2])
        store.store.close()
        let again = StoreHarness(directory, retention: Retention(days: 7), machine: clock.machine)
        #expect(try again.follow() == again.snapshot(lastSeq: 2, oldest: 3))
        #expect(try again.follow(other) == again.snapshot(lastSeq: 2, oldest: 2))
        #expect(try again.append([.line("3", at: late)]) == [3])
        #expect(try again.page()?.lines.map(\.seq) == [3])
    }

    @Test func `a limit lowered since the last run applies from the start`() throws {
        let first = StoreHarness(directory)
        _ = try first.append(Draft.lines(1...50))
        first.store.close()
        let store = StoreHarness(directory, retention: Retention(days: 0, lines: 5))
        try store.pruned(oldest: 46)
        #expect(try store.page()?.lines.map(\.seq) == Array(46...50))
    }

    @Test func `keys expire even while a room is pruned for long`() throws {
        let first = StoreHarness(directory)
        for group in 0..<10 {
            _ = try first.append(
                (1...1_000).map { .line("x", key: $0 <= 100 ? "\(group) \($0)" : nil) })
        }
        first.store.close()
        let connection = try DatabaseFile(path: directory.database, log: nil).open()
        defer { try? connection.close() }
        let late = Timestamp.start.later(by: RecentSends.period + 1)
        var upkeep = Upkeep(retention: Retention(days: 0, lines: 10))
        var oldest: [Int64] = []
        while upkeep.isDue {
            let pruned = try connection.write {
                try upkeep.step($0, rows: 500, now: late, present: late)
            }
            oldest += pruned.map(\.oldest)
            guard oldest.last == 5_001 else { continue }
            let sql = "SELECT count(*) FROM send"
            #expect(try connection.read { try Int.fetchOne($0, sql: sql) } == 0)
        }
        #expect(oldest.contains(5_001))
        #expect(oldest.last == 9_991)
    }

    @Test func `after a flood the file gives space back`() throws {
        let first = StoreHarness(directory)
        let text = String(repeating: "x", count: 30_000)
        for _ in 0..<10 { _ = try first.append((1...100).map { _ in .line(text) }) }
        first.store.close()

        let connection = try DatabaseFile(path: directory.database, log: nil).open()
        defer { try? connection.close() }
        func count(_ pragma: String) throws -> Int {
            try connection.read { try Int.fetchOne($0, sql: "PRAGMA \(pragma)") ?? 0 }
        }
        let pages = try count("page_count")
        var upkeep = Upkeep(retention: Retention(days: 0, lines: 10))
        while upkeep.isDue {
            _ = try connection.write {
                try upkeep.step($0, rows: Upkeep.slice, now: .start, present: .start)
            }
        }
        #expect(pages > 2 * Upkeep.freePages * 3 / 4)
        #expect(try count("page_count") < pages * 3 / 4)
        #expect(try count("freelist_count") <= Upkeep.freePages)
    }
}
