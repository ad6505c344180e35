internal import Chat

/// Writes samples in the Prometheus text exposition format, version 0.0.4.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    private(set) var text = ""

    /// Begins a metric: its help and type lines.
    mutating func metric(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// Writes one sample. All label values are our own, so they need no escapes.
    mutating func sample(
        _ name: String, _ labels: [(name: String, value: String)] = [], _ value: String
    ) {
        let list = labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",")
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(list)} \(value)\n"
    }

    /// A metric with one sample.
    mutating func single(
        _ name: String, _ kind: Kind, _ help: String, _ value: some BinaryInteger
    ) {
        metric(name, kind, help)
        sample(name, [], "\(value)")
    }

    /// A metric with one sample, a time in nanoseconds.
    mutating func seconds(_ name: String, _ kind: Kind, _ help: String, _ nanoseconds: Int) {
        metric(name, kind, help)
        sample(name, [], "\(Double(nanoseconds) / 1_000_000_000)")
    }

    /// A counter with one sample for each value of a label, in the order given.
    mutating func family(
        _ name: String, _ help: String, label: String, _ samples: [(value: String, count: UInt64)]
    ) {
        metric(name, .counter, help)
        for each in samples { sample(name, [(label, each.value)], "\(each.count)") }
    }

    /// A gauge with one sample for each value of a label, in the order given.
    mutating func levels(
        _ name: String, _ help: String, label: String, _ samples: [(value: String, level: Int)]
    ) {
        metric(name, .gauge, help)
        for each in samples { sample(name, [(label, each.value)], "\(each.level)") }
    }

    /// A histogram of durations in seconds.
    mutating func histogram(_ name: String, _ help: String, _ histogram: DurationHistogram) {
        metric(name, .histogram, help)
        durations(name, [], histogram)
    }

    /// The samples of one histogram of a metric.
    mutating func durations(
        _ name: String, _ labels: [(name: String, value: String)], _ histogram: DurationHistogram
    ) {
        var cumulative: UInt64 = 0
        for (bound, count) in zip(DurationHistogram.bounds, histogram.counts) {
            cumulative += count
            sample("\(name)_bucket", labels + [("le", Self.seconds(bound))], "\(cumulative)")
        }
        let total = histogram.counts.reduce(0, +)
        sample("\(name)_bucket", labels + [("le", "+Inf")], "\(total)")
        sample("\(name)_sum", labels, Self.seconds(histogram.sum))
        sample("\(name)_count", labels, "\(total)")
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        "\(Double(nanoseconds) / 1e9)"
    }
}
