import Reactor
import Testing

@testable import hubbub_load

@Suite struct TimingTests {
    private static func at(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    @Test func `the warm-up, the phases and clients that don't read are distinguished`() {
        var timing = Timing()
        (timing.from, timing.split) = (Self.at(100), Self.at(200))
        for due in [50, 150, 250, 260] as [UInt64] {
            timing.record(due: Self.at(due), received: Self.at(due + 1), wasStalled: false)
        }
        timing.record(due: Self.at(270), received: Self.at(900), wasStalled: true)
        #expect(timing.before.count == 1)
        #expect(timing.measured.count == 2)
        #expect(timing.stalled.count == 1)
        #expect(timing.takeRecent().count == 4)
        #expect(timing.takeRecent().isEmpty)
        timing.record(due: Self.at(280), received: Self.at(281), wasStalled: false)
        #expect(timing.before.count == 1)
        #expect(timing.measured.count == 3)
        #expect(timing.lastDelivery == Self.at(281))
    }
}
