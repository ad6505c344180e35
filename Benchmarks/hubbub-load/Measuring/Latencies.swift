internal import Histogram
internal import Reactor

/// Latencies in an HDR histogram, precise to three digits. Processes can merge theirs.
///
/// The encoded form is a list of pairs: nanoseconds, and how often they were recorded.
struct Latencies {
    /// The resolution, in nanoseconds.
    private static let unit: UInt64 = 1_000
    /// The largest latency in nanoseconds: an hour.
    private static let longest: UInt64 = 3_600_000_000_000

    /// Made with the first record, to save memory.
    private var histogram: Histogram<UInt64>?

    var count: Int { Int(histogram?.totalCount ?? 0) }
    var isEmpty: Bool { count == 0 }

    mutating func record(from start: Instant, to end: Instant) {
        record(nanoseconds: end.nanoseconds - min(start.nanoseconds, end.nanoseconds))
    }

    mutating func record(nanoseconds: UInt64, count: UInt64 = 1) {
        if histogram == nil {
            histogram = Histogram(
                lowestDiscernibleValue: Self.unit, highestTrackableValue: Self.longest,
                numberOfSignificantValueDigits: .three)
        }
        histogram?.record(min(nanoseconds, Self.longest), count: count)
    }

    mutating func add(_ other: Latencies) {
        guard let records = other.histogram else { return }
        for entry in records.recordedValues() {
            record(nanoseconds: entry.value, count: entry.count)
        }
    }

    mutating func reset() { histogram?.reset() }

    /// The latency at this percentile, in milliseconds. 0 without records.
    func milliseconds(percentile: Double) -> Double {
        guard let histogram, !isEmpty else { return 0 }
        return Double(histogram.valueAtPercentile(percentile)) / 1e6
    }

    var meanMilliseconds: Double { isEmpty ? 0 : (histogram?.mean ?? 0) / 1e6 }
}

extension Latencies: Codable {
    init(from decoder: any Decoder) throws {
        self.init()
        var list = try decoder.unkeyedContainer()
        while !list.isAtEnd {
            let nanoseconds = try list.decode(UInt64.self)
            record(nanoseconds: nanoseconds, count: try list.decode(UInt64.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var list = encoder.unkeyedContainer()
        guard let histogram else { return }
        for entry in histogram.recordedValues() {
            try list.encode(entry.value)
            try list.encode(entry.count)
        }
    }
}

extension Latencies: Equatable {
    static func == (left: Latencies, right: Latencies) -> Bool {
        left.count == right.count && (left.isEmpty || left.histogram == right.histogram)
    }
}
