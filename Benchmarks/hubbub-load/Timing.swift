internal import Histogram
internal import Reactor

/// How long lines took from the moment at which they were due to each of their receivers.
struct Timing {
    /// Nanoseconds that count as one.
    private static let unit: UInt64 = 1_000
    /// Nanoseconds that the histogram reaches to: an hour.
    private static let longest: UInt64 = 3_600_000_000_000

    private var latencies = Histogram<UInt64>(
        lowestDiscernibleValue: unit, highestTrackableValue: longest,
        numberOfSignificantValueDigits: .three)
    /// Lines that are due earlier warm up.
    var from = Instant(nanoseconds: 0)
    private(set) var lastDelivery = Instant(nanoseconds: 0)
    /// Deliveries that were measured.
    private(set) var count = 0

    mutating func record(due: Instant, received: Instant) {
        lastDelivery = received
        guard from <= due else { return }
        count += 1
        let latency = received.nanoseconds - min(due.nanoseconds, received.nanoseconds)
        latencies.record(min(latency, Self.longest))
    }

    /// Milliseconds that so many percent of the deliveries took at most.
    func milliseconds(percentile: Double) -> Double {
        Double(latencies.valueAtPercentile(percentile)) / 1e6
    }
}
