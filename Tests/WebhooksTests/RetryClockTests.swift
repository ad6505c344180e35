import Testing

@testable import Webhooks

@Suite struct RetryClockTests {
    /// The pauses of a receiver that never answers, in milliseconds, until a time.
    private static func pauses(until end: UInt64, jitter: Double) -> [UInt64] {
        var (clock, now, pauses) = (RetryClock(), UInt64(1_000), [UInt64]())
        while now < end {
            clock.failed(at: now, jitter: jitter)
            pauses.append(clock.next - now)
            now = clock.next
        }
        return pauses
    }

    @Test func `pauses double up to 20 seconds in the first five minutes`() {
        let pauses = Self.pauses(until: 290_000, jitter: 1)
        #expect(pauses.prefix(6) == [1_000, 2_000, 4_000, 8_000, 16_000, 20_000])
        #expect(pauses.max() == 20_000)
    }

    @Test func `later they grow to an hour, and no further`() {
        let pauses = Self.pauses(until: 86_400_000, jitter: 1)
        #expect(pauses.max() == 3_600_000)
        #expect(pauses == pauses.sorted())
        #expect(pauses.count < 60)
    }

    @Test func `jitter makes a pause shorter by half at most`() {
        let (short, long) = (
            Self.pauses(until: 100_000, jitter: 0), Self.pauses(until: 100_000, jitter: 1)
        )
        #expect(short.prefix(5) == [500, 1_000, 2_000, 4_000, 8_000])
        #expect(zip(short, long).allSatisfy { $0 * 2 == $1 })
    }

    @Test func `a success begins anew`() {
        var clock = RetryClock()
        for _ in 0..<9 { clock.failed(at: 1_000, jitter: 1) }
        clock.succeeded()
        #expect(!clock.isFailing)
        clock.failed(at: 9_000, jitter: 1)
        #expect(clock.next == 10_000)
    }
}
