import Reactor
import Testing

@testable import ChatServer

@Suite struct LineArrivalsTests {
    private static func at(_ nanoseconds: UInt64) -> Instant { Instant(nanoseconds: nanoseconds) }

    /// Lines, as when they arrived, in order.
    private func taken(_ arrivals: inout LineArrivals, through last: UInt64) -> [UInt64] {
        var taken: [UInt64] = []
        arrivals.take(through: last) { lines, time in
            taken += [UInt64](repeating: time.nanoseconds, count: lines)
        }
        return taken
    }

    @Test func `lines are taken with the ticks that they arrived in`() {
        var arrivals = LineArrivals()
        arrivals.submitted(below: 0, at: Self.at(1))
        arrivals.submitted(below: 3, at: Self.at(2))
        arrivals.submitted(below: 3, at: Self.at(3))
        arrivals.submitted(below: 5, at: Self.at(4))
        #expect(taken(&arrivals, through: 0) == [2])
        #expect(taken(&arrivals, through: 3) == [2, 2, 4])
        #expect(taken(&arrivals, through: 3) == [])
        arrivals.submitted(below: 6, at: Self.at(5))
        #expect(taken(&arrivals, through: 9) == [4, 5])
        #expect(taken(&arrivals, through: 9) == [])
        arrivals.submitted(below: 7, at: Self.at(6))
        #expect(taken(&arrivals, through: 6) == [6])
    }
}
