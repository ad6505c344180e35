import Chat
import GRDB
import Testing

@testable import ChatStore

@Suite struct SendTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func machine(at time: Timestamp) -> Machine {
        var machine = Machine.quick
        machine.now = { time }
        return machine
    }

    private func send(_ number: UInt64, _ text: String, at time: Timestamp) -> StoredSend {
        StoredSend(
            room: .lobby, username: "ann", key: text, seq: number, time: time,
            digest: RecentSends.digest(of: text))
    }

    @Test func `keys of the period are read in order of time`() throws {
        let store = StoreHarness(directory)
        let times = [Timestamp.start, .start.later(by: 1), .start.later(by: 2)]
        #expect(
            try store.append([
                .line("c", at: times[2], key: "c"), .line("no key", at: times[2]),
                .line("a", at: times[0], key: "a"), .line("b", at: times[1], key: "b"),
            ]) == [1, 2, 3, 4])
        store.store.close()

        let all = [
            send(3, "a", at: times[0]), send(4, "b", at: times[1]), send(1, "c", at: times[2]),
        ]
        for (later, count) in [(0, 3), (1, 2), (2, 1), (3, 0)] {
            let copy = try TemporaryDirectory()
            try directory.copy(to: copy)
            let time = Timestamp.start.later(by: RecentSends.period + Int64(later))
            let sends = try StoreHarness(copy, machine: machine(at: time)).ready().sends
            #expect(sends == all.suffix(count))
        }
    }

    @Test func `keys outlive their lines`() throws {
        let retention = Retention(days: 0, lines: 1)
        let store = StoreHarness(directory, retention: retention)
        _ = try store.append([.line("a", key: "a"), .line("b")])
        try store.pruned(oldest: 2)
        store.store.close()
        let sends = try StoreHarness(directory, retention: retention).ready().sends
        #expect(sends == [send(1, "a", at: .start)])
    }

    @Test func `old keys are deleted a slice at a time`() throws {
        let store = StoreHarness(directory)
        _ = try store.append((1...2_000).map { .line("x", key: "\($0)") })
        store.store.close()

        let late = Timestamp.start.later(by: RecentSends.period + 1)
        let machine = machine(at: late)
        let again = StoreHarness(directory, machine: machine)
        #expect(try again.ready().sends == [])
        _ = try again.append([.line("y", at: late, key: "young")])
        // Keys come first, so once these lines are pruned, the keys are gone.
        let days = Retention(days: 1, lines: 0)
        again.store.close()
        var latest = machine
        latest.now = { late.later(by: 2 * 86_400_000) }
        let last = StoreHarness(directory, retention: days, machine: latest)
        try last.pruned(oldest: 2_002)
        #expect(try directory.edit { try Int.fetchOne($0, sql: "SELECT count(*) FROM send") } == 0)
    }
}
