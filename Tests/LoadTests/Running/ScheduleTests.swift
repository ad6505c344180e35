import Reactor
import Testing

@testable import hubbub_load

@Suite struct ScheduleTests {
    private static let start = Instant(nanoseconds: 1_000_000_000)

    private static func entries(
        rate: Double, seconds: Double, speakers: [Int]
    ) -> [Schedule.Entry] {
        var schedule = Schedule(
            start: start, rate: rate, seconds: seconds, speakers: speakers)
        var entries: [Schedule.Entry] = []
        while let due = schedule.nextDue, let entry = schedule.take(at: due) {
            entries.append(entry)
        }
        return entries
    }

    @Test func `lines are due at even intervals, from senders in turn`() {
        let entries = Self.entries(rate: 4, seconds: 1.5, speakers: [0, 3, 6])
        #expect(entries.map(\.sender) == [0, 3, 6, 0, 3, 6])
        #expect(
            entries.map { ($0.due.nanoseconds - Self.start.nanoseconds) / 1_000_000 }
                == [0, 250, 500, 750, 1000, 1250])
    }

    @Test func `a line is never taken early, and keeps its due time if it is taken late`() {
        var schedule = Schedule(
            start: Self.start, rate: 10, seconds: 1, speakers: [0])
        #expect(schedule.take(at: Instant(nanoseconds: 999_999_999)) == nil)
        let late = Instant(nanoseconds: 9_000_000_000)
        for line in 0..<10 {
            let due = Instant(nanoseconds: Self.start.nanoseconds + UInt64(line) * 100_000_000)
            #expect(schedule.take(at: late) == Schedule.Entry(sender: 0, due: due))
        }
        #expect(schedule.take(at: late) == nil)
        #expect(schedule.left == 0)
    }

    @Test(arguments: [(20.0, 100, 5), (21, 100, 6), (0, 100, 1), (3, 2, 1), (100, 10, 10)])
    func `the number of senders keeps each below the server's limit if possible`(
        rate: Double, connections: Int, senders: Int
    ) {
        #expect(Schedule.politeSenders(rate: rate, connections: connections) == senders)
    }

    @Test func `no line is due at a rate of 0, or without senders`() {
        #expect(Self.entries(rate: 0, seconds: 5, speakers: [0]).isEmpty)
        #expect(Self.entries(rate: 5, seconds: 5, speakers: []).isEmpty)
    }
}
