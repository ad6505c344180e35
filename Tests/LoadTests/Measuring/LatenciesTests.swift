import Foundation
import Reactor
import Testing

@testable import hubbub_load

@Suite struct LatenciesTests {
    @Test func `the records of several processes are merged, also after encoding`() throws {
        var (whole, parts) = (Latencies(), [Latencies(), Latencies()])
        for value in 1...1_000 {
            whole.record(nanoseconds: UInt64(value) * 10_000)
            parts[value % 2].record(nanoseconds: UInt64(value) * 10_000)
        }
        var sum = Latencies()
        for part in parts {
            let line = try JSONEncoder().encode(part)
            sum.add(try JSONDecoder().decode(Latencies.self, from: line))
        }
        #expect(sum.count == 1_000)
        // Minimum and maximum have the precision of every other record: three digits.
        for percentile in [0, 50, 90, 99, 99.9, 100] {
            let (one, other) = (
                sum.milliseconds(percentile: percentile),
                whole.milliseconds(percentile: percentile)
            )
            #expect(abs(one / other - 1) < 0.03, "\(percentile)")
            #expect(one == other || [0, 100].contains(percentile))
        }
    }

    @Test func `a delivery before its due time has a latency of 0`() {
        var latencies = Latencies()
        latencies.record(from: Instant(nanoseconds: 9), to: Instant(nanoseconds: 5))
        #expect(latencies.count == 1)
        #expect(latencies.milliseconds(percentile: 100) < 0.001)
    }
}
