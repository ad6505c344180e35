internal import WebSocket

/// The durations of ticks, from the poller's return to the last flush.
public struct TickHistogram: Sendable {
    /// Upper bounds in nanoseconds. A last bucket takes the rest.
    static let bounds: [UInt64] = [
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 1_000_000_000,
    ]

    private var buckets = InlineArray<14, UInt64>(repeating: 0)
    /// The sum of all ticks in nanoseconds.
    public private(set) var sum: UInt64 = 0

    mutating func record(nanoseconds: UInt64) {
        sum += nanoseconds
        var bucket = 0
        while bucket < Self.bounds.count, nanoseconds > Self.bounds[bucket] { bucket += 1 }
        buckets[bucket] += 1
    }

    /// The number of ticks in each bucket. The last one has no bound.
    public var counts: [UInt64] { buckets.indices.map { buckets[$0] } }
}
