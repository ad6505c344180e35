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
        buckets[Self.bucket(of: nanoseconds)] += times
    }

    /// The bucket of a duration. The bounds are written down again, because a search in the array
    /// takes several times as long.
    private static func bucket(of nanoseconds: UInt64) -> Int {
        switch nanoseconds {
        case ...50_000: 0
        case ...100_000: 1
        case ...250_000: 2
        case ...500_000: 3
        case ...1_000_000: 4
        case ...2_500_000: 5
        case ...5_000_000: 6
        case ...10_000_000: 7
        case ...25_000_000: 8
        case ...50_000_000: 9
        case ...100_000_000: 10
        case ...250_000_000: 11
        case ...500_000_000: 12
        case ...1_000_000_000: 13
        case ...2_500_000_000: 14
        case ...5_000_000_000: 15
        case ...10_000_000_000: 16
        default: 17
        }
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
