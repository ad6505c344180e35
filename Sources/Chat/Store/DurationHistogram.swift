/// How often something took how long, in buckets for Prometheus.
public struct DurationHistogram: Sendable {
    /// Upper bounds of the buckets in nanoseconds. A last bucket takes the rest.
    public static let bounds: [UInt64] = [
        50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000,
        50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000,
        5_000_000_000, 10_000_000_000,
    ]

    private var buckets = InlineArray<18, UInt64>(repeating: 0)
    /// The sum of all durations in nanoseconds.
    public private(set) var sum: UInt64 = 0

    public init() {}

    /// Something took so long, `times` times.
    public mutating func record(nanoseconds: UInt64, times: UInt64 = 1) {
        sum &+= nanoseconds &* times
        var bucket = 0
        while bucket < Self.bounds.count, nanoseconds > Self.bounds[bucket] { bucket += 1 }
        buckets[bucket] += times
    }

    /// The number of durations in each bucket. The last one has no bound.
    public var counts: [UInt64] { buckets.indices.map { buckets[$0] } }
    /// The number of all durations.
    public var count: UInt64 { counts.reduce(0, +) }
}

extension DurationHistogram: Equatable {
    public static func == (left: DurationHistogram, right: DurationHistogram) -> Bool {
        left.sum == right.sum && left.counts == right.counts
    }
}
