import Chat
import GRDB
import Testing

@testable import ChatStore

@Suite struct RetentionClockTests {
    private let hour = RetentionClock.step
    private let month: Int64 = 30 * 86_400_000

    @Test func `it follows the machine's clock, and makes up for a jump in steps`() {
        var clock = RetentionClock(stored: .start, now: .start)
        var hasJumped = clock.passed(10, now: .start.later(by: 12))
        #expect(!hasJumped)
        #expect(clock.present == .start.later(by: 12))
        hasJumped = clock.passed(10, now: .start.later(by: month))
        #expect(hasJumped)
        #expect(clock.present == .start.later(by: 22 + hour))
        // It is told once.
        hasJumped = clock.passed(10, now: .start.later(by: month))
        #expect(!hasJumped)
        #expect(clock.present == .start.later(by: 32 + 2 * hour))
    }

    @Test func `it neither goes back nor stands still`() {
        var clock = RetentionClock(stored: .start, now: .start.later(by: -month))
        let hasJumped = clock.passed(1_000, now: .start.later(by: -month))
        #expect(!hasJumped)
        #expect(clock.present == .start.later(by: 1_000))
        // A time that far ahead is a mistake.
        clock = RetentionClock(stored: .start.later(by: 2 * month), now: .start)
        #expect(clock.present == .start)
    }

    @Test func `lines of the future keep no older ones`() throws {
        let directory = try TemporaryDirectory()
        let store = StoreHarness(directory)
        let future = Timestamp.start.later(by: month)
        let day: Int64 = 86_400_000
        // More of them than one slice has.
        _ = try store.append((1...600).map { .line("\($0)", at: future) })
        _ = try store.append([.line("old"), .line("young", at: .start.later(by: 3 * day))])
        store.store.close()
        var machine = Machine.quick
        machine.now = { .start.later(by: 8 * day) }
        let next = StoreHarness(
            directory, retention: Retention(days: 7, lines: 0), machine: machine)
        try next.pruned(oldest: 602)
        #expect(try next.page(from: 602)?.lines.map(\.message) == ["young"])
    }

    @Test func `a clock that is ahead for a while deletes no history`() throws {
        let directory = try TemporaryDirectory()
        let first = StoreHarness(directory)
        _ = try first.append([.line("1")])
        first.store.close()
        let connection = try DatabaseFile(path: directory.database, log: nil).open()
        defer { try? connection.close() }
        var machine = Machine.quick
        machine.now = { .start.later(by: 30 * 86_400_000) }
        var rounds = UpkeepRounds(
            retention: Retention(days: 7, lines: 0), present: .start, machine: machine)
        // Two rounds are 20 seconds.
        for _ in 1...2 {
            _ = rounds.begin()
            while rounds.isDue {
                let pruned = try rounds.step(rows: 10, over: connection)
                #expect(pruned == [])
            }
        }
    }
}
