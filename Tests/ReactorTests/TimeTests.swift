import Reactor
import Testing

@Suite struct TimeTests {
    @Test(arguments: [0, 1, 249, 250, 251, 1_000, 10_000, 25_001] as [UInt64])
    func `a deadline is never early and at most two steps late`(milliseconds: UInt64) {
        for start in 0..<(2 * CoarseTime.step) {
            let now = CoarseTime(Instant(nanoseconds: start * 1_000_000))
            let deadline = now.advanced(byMilliseconds: milliseconds)
            let fires = UInt64(deadline.steps) * CoarseTime.step
            #expect(fires >= start + milliseconds)
            #expect(fires <= start + milliseconds + 2 * CoarseTime.step)
        }
    }

    @Test func `a deadline that overflows becomes the last instant`() {
        let deadline = CoarseTime(steps: 10).advanced(byMilliseconds: 1 << 60)
        #expect(deadline.steps == .max)
    }

    @Test func `times are ordered`() {
        #expect(Instant(nanoseconds: 1) < Instant(nanoseconds: 2))
        #expect(CoarseTime(steps: 1) < CoarseTime(steps: 2))
        #expect(Instant(nanoseconds: 2_999_999).milliseconds == 2)
    }
}
