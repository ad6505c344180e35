/// A run over time: one point for each second, or for several seconds if the run is long.
struct Series {
    struct Point: Codable, Equatable {
        /// Seconds from the start of the run to the point's end, and the seconds that it covers.
        var second: Int
        var length = 1
        var connections = 0
        /// Handshakes, lines and deliveries a second.
        var handshakes = 0.0
        var lines = 0.0
        var deliveries = 0.0
        /// Milliseconds. Nil without deliveries.
        var p50: Double?
        var p99: Double?
        var max: Double?
        /// The server's use: number of processors, and bytes of memory.
        var serverProcessors: Double?
        var serverBytes: Int?
    }

    /// The approximate number of points above which pairs are merged.
    static let limit = 1_200

    private let workers: Int
    private(set) var points: [Point] = []
    private var length = 1
    private var lastSecond = 0
    /// Intervals that some processes haven't reported yet, by second.
    private var pending: [Int: (count: Int, interval: Interval)] = [:]
    private var collected: Interval?
    private var samples: [Int: ServerProbe.Sample] = [:]
    private var lastSample: (second: Int, sample: ServerProbe.Sample)?

    init(workers: Int) { self.workers = workers }

    /// The server's use at the end of a second.
    mutating func take(_ sample: ServerProbe.Sample, second: Int) { samples[second] = sample }

    /// Takes a process's interval. Returns the interval of all processes once all have reported.
    mutating func take(_ interval: Interval) -> Interval? {
        let second = interval.second
        var entry = pending[second] ?? (0, Interval(second: second))
        entry.count += 1
        entry.interval.add(interval)
        guard entry.count == workers else {
            pending[second] = entry
            return nil
        }
        pending[second] = nil
        // A second that a process skipped is never complete.
        pending = pending.filter { $0.key > second - 5 }
        add(entry.interval)
        return entry.interval
    }

    private mutating func add(_ interval: Interval) {
        var sum = Interval(second: interval.second)
        if let collected { sum.add(collected) }
        sum.connections = 0
        sum.add(interval)
        guard interval.second.isMultiple(of: length) else {
            collected = sum
            return
        }
        collected = nil
        points.append(point(of: sum))
        lastSecond = sum.second
        samples = samples.filter { $0.key > interval.second }
        if points.count > Self.limit, points.count.isMultiple(of: 2) { thin() }
    }

    private mutating func point(of sum: Interval) -> Point {
        var point = Point(second: sum.second, length: max(sum.second - lastSecond, 1))
        let seconds = Double(point.length)
        point.connections = sum.connections
        point.handshakes = Double(sum.opened) / seconds
        point.lines = Double(sum.sent) / seconds
        point.deliveries = Double(sum.delivered) / seconds
        if !sum.latencies.isEmpty {
            point.p50 = sum.latencies.milliseconds(percentile: 50)
            point.p99 = sum.latencies.milliseconds(percentile: 99)
            point.max = sum.latencies.milliseconds(percentile: 100)
        }
        if let sample = samples[sum.second] {
            point.serverBytes = sample.bytes
            if let last = lastSample, last.second < sum.second {
                let used = sample.processorSeconds - last.sample.processorSeconds
                point.serverProcessors = used / Double(sum.second - last.second)
            }
            lastSample = (sum.second, sample)
        }
        return point
    }

    /// Merges pairs of points. Of two latencies the worse one stays.
    private mutating func thin() {
        length *= 2
        var thinned: [Point] = []
        for index in stride(from: 1, to: points.count, by: 2) {
            let (first, second) = (points[index - 1], points[index])
            var point = second
            point.length = first.length + second.length
            point.handshakes = (first.handshakes + second.handshakes) / 2
            point.lines = (first.lines + second.lines) / 2
            point.deliveries = (first.deliveries + second.deliveries) / 2
            point.p50 = Self.worse(first.p50, second.p50)
            point.p99 = Self.worse(first.p99, second.p99)
            point.max = Self.worse(first.max, second.max)
            if let one = first.serverProcessors, let other = second.serverProcessors {
                point.serverProcessors = (one + other) / 2
            }
            thinned.append(point)
        }
        points = thinned
    }

    private static func worse(_ left: Double?, _ right: Double?) -> Double? {
        [left, right].compactMap(\.self).max()
    }
}
