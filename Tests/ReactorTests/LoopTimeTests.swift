import Reactor
import TestSupport
import Testing

@Suite struct LoopTimeTests {
    private static func instant(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    /// The time after a start at 1 s and a turn that came later, in milliseconds.
    private func passed(_ elapsed: UInt64, waited: Int32?) -> (now: UInt64, standstill: UInt64) {
        var time = LoopTime(start: Self.instant(1_000))
        time.turnBegan(at: Self.instant(1_000 + elapsed), waited: waited)
        #expect(time.began == Self.instant(1_000 + elapsed))
        return (time.now.milliseconds - 1_000, time.standstill / 1_000_000)
    }

    @Test(
        arguments: [
            (0, 0), (1, 0), (250, 0), (250, 1_000), (999, 1_000), (1_000, 1_000), (1_250, 1_000),
        ] as [(UInt64, Int32)])
    func `time passes as on the monotonic clock while turns come in time`(
        elapsed: UInt64, waited: Int32
    ) {
        #expect(passed(elapsed, waited: waited) == (elapsed, 0))
    }

    @Test(
        arguments: [(251, 0), (16_000, 0), (1_251, 1_000), (16_000, 1_000), (3_600_000, 1_000)]
            as [(UInt64, Int32)])
    func `a turn that comes too late moves the time on by the tolerance alone`(
        elapsed: UInt64, waited: Int32
    ) {
        #expect(passed(elapsed, waited: waited) == (250, elapsed - 250))
    }

    @Test func `nothing is left out of a wait that could take forever`() {
        #expect(passed(3_600_000, waited: nil) == (3_600_000, 0))
    }

    @Test func `a clock that steps back takes no time`() {
        var time = LoopTime(start: Self.instant(1_000))
        time.turnBegan(at: Self.instant(400), waited: 0)
        #expect(time.now == Self.instant(1_000))
        time.turnBegan(at: Self.instant(500), waited: 0)
        #expect(time.now == Self.instant(1_100))
    }

    @Test func `time advances under constant overload, and never faster than the clock`() {
        var time = LoopTime(start: Self.instant(0))
        var random = SplitMix64(seed: 1)
        var (real, before) = (UInt64(0), UInt64(0))
        for _ in 0..<1_000 {
            let elapsed = UInt64(random.number(in: 1...5_000))
            real += elapsed
            let waited = Int32(random.number(in: 0...1_000))
            let moment = time.moment(Self.instant(real)).milliseconds
            time.turnBegan(at: Self.instant(real), waited: waited)
            let passed = time.now.milliseconds - before
            #expect((min(elapsed, 250)...elapsed).contains(passed))
            // No moment of a turn is after the next turn's start.
            #expect(moment <= time.now.milliseconds)
            before = time.now.milliseconds
        }
    }
}
