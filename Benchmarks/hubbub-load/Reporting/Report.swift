internal import Foundation

/// What a run has shown. Its JSON has the same fields, in snake case; programs build on them, so
/// they may be added to, but not changed.
struct Report: Encodable {
    /// Milliseconds, of so many records.
    struct Latency: Encodable {
        let p50, p90, p99, p999, max, mean: Double
        let count: Int
        /// The whole curve: pairs of a percentage and the milliseconds that it takes at most.
        let curve: [[Double]]

        static let percentiles = [
            0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.975,
            99.99, 99.995, 99.999, 100,
        ]

        init?(_ latencies: Latencies) {
            guard !latencies.isEmpty else { return nil }
            p50 = latencies.milliseconds(percentile: 50)
            p90 = latencies.milliseconds(percentile: 90)
            p99 = latencies.milliseconds(percentile: 99)
            p999 = latencies.milliseconds(percentile: 99.9)
            max = latencies.milliseconds(percentile: 100)
            mean = latencies.meanMilliseconds
            count = latencies.count
            curve = Self.percentiles.map { [$0, latencies.milliseconds(percentile: $0)] }
        }
    }

    struct Opening: Encodable {
        let connections: Int
        let seconds: Double
        let perSecond: Double
        /// From the moment when a handshake was due.
        let latency: Latency?
        /// Processor time of the server for each.
        var serverMicrosecondsEach: Double?
    }

    struct Lines: Encodable {
        let sent: Int
        let perSecond: Double
        /// Lines that were due, but for which this program had no time.
        let unsent: Int
        /// By how much the latest one was sent after it was due.
        let latestMilliseconds: Double
        /// Lines that the server said it wouldn't deliver, each time for one connection.
        let announcedGaps: Int
    }

    struct Deliveries: Encodable {
        let count: Int
        /// From the first line to the last delivery.
        let seconds: Double
        let perSecond: Double
        let bytes: Int
        let bytesPerSecond: Double
    }

    /// Processor time while lines flowed, or connections were held.
    struct Processor: Encodable {
        let seconds: Double
        let microsecondsPerDelivery: Double?
    }

    struct Memory: Encodable {
        /// Before the first connection, with all connections, and at the end with all of them.
        let bytesAtStart: Int
        let bytesOpened: Int
        let bytesAtEnd: Int
        /// What each connection adds, and what each of the second half does.
        let bytesPerConnection: Double
        var bytesPerConnectionOfSecondHalf: Double?
        let bytesPerConnectionAtEnd: Double
    }

    struct Slow: Encodable {
        let connections: Int
        /// Those of them that the server closed.
        let closed: Int
        /// Deliveries to the others before some stopped reading; ``latency`` is that since.
        let latencyBefore: Latency?
        /// Deliveries to those that stopped.
        let latencyStalled: Latency?
    }

    struct Storm: Encodable {
        let connections: Int
        let back: Int
        /// Those that got every line since they had gone, by `hubbub.v1`.
        let resumed: Int
        let retries: Int
        /// Until the last one was back.
        let seconds: Double
    }

    struct Finding: Encodable {
        let kind: String
        let connection, sender, firstLine, lastLine: Int?
        let text: String
    }

    let tool = "hubbub-load"
    /// Grows when fields change or go.
    let format = 1
    let scenario: Scenario
    let settings: Settings
    /// RFC 3339, UTC.
    let started: String
    let seconds: Double
    /// What connections spoke in the end.
    let dialect: Dialect
    let opening: Opening
    var reconnects: Latency?
    var lines: Lines?
    var deliveries: Deliveries?
    var latency: Latency?
    let ownProcessor: Processor
    var serverProcessor: Processor?
    var serverMemory: Memory?
    var slow: Slow?
    var storms: [Storm]?
    /// Connections that left and came back.
    var churned: Int?
    /// Messages of others in the room.
    let foreign: Int
    let isClean: Bool
    let isInterrupted: Bool
    /// Violations by kind, as far as there are any, and the first of each kind.
    let violations: [String: Int]
    let findings: [Finding]
    let series: [Series.Point]
    /// Where a limit was looked for: what was found.
    var limit: LimitSearch.Result?

    /// All of it in one line of JSON.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
