internal import Foundation

/// The report of a run. Its JSON has the same fields in snake case. Programs depend on them, so
/// fields may be added, but not changed.
struct Report: Encodable {
    /// Milliseconds, with the number of records.
    struct Latency: Encodable {
        let p50, p90, p99, p999, max, mean: Double
        let count: Int
        /// The whole curve: pairs of a percentage and its milliseconds.
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
        /// Measured from the time when a handshake was due.
        let latency: Latency?
        /// The server's processor time for each connection.
        var serverMicrosecondsEach: Double?
    }

    struct Lines: Encodable {
        let sent: Int
        let perSecond: Double
        /// Lines that were due, but that this program had no time to send.
        let unsent: Int
        /// The largest delay between a line's due time and its sending.
        let latestMilliseconds: Double
        /// Lines that the server announced it wouldn't deliver, counted for each connection.
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

    /// Processor time while lines flowed, or while connections were held.
    struct Processor: Encodable {
        let seconds: Double
        let microsecondsPerDelivery: Double?
    }

    struct Memory: Encodable {
        /// Before the first connection, with all connections, and at the end with all of them.
        let bytesAtStart: Int
        let bytesOpened: Int
        let bytesAtEnd: Int
        /// The memory that each connection adds, and each of the second half.
        let bytesPerConnection: Double
        var bytesPerConnectionOfSecondHalf: Double?
        let bytesPerConnectionAtEnd: Double
    }

    struct Slow: Encodable {
        let connections: Int
        /// Stalled connections that the server closed.
        let closed: Int
        /// Deliveries to the others before some stopped reading. ``latency`` covers the time since
        /// then.
        let latencyBefore: Latency?
        /// Deliveries to those that stopped.
        let latencyStalled: Latency?
    }

    struct Storm: Encodable {
        let connections: Int
        let back: Int
        /// Connections that got every line since they left, by `hubbub.v1`.
        let resumed: Int
        let retries: Int
        /// Seconds until the last one was back.
        let seconds: Double
    }

    struct Finding: Encodable {
        let kind: String
        let connection, sender, firstLine, lastLine: Int?
        let text: String
    }

    let tool = "hubbub-load"
    /// Increases when fields change or are removed.
    let format = 1
    let scenario: Scenario
    let settings: Settings
    /// RFC 3339, UTC.
    let started: String
    let seconds: Double
    /// The dialect that the connections used in the end.
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
    /// Violations by kind, and the first ones of each kind.
    let violations: [String: Int]
    let findings: [Finding]
    let series: [Series.Point]
    /// The result of a search for a limit.
    var limit: LimitSearch.Result?

    /// The report as one line of JSON.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
