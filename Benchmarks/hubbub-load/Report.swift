internal import Foundation

/// What a run has shown. Its JSON has the same fields.
struct Report: Encodable {
    struct Opening: Encodable {
        let connections: Int
        let seconds: Double
        let perSecond: Double

        init(connections: Int, seconds: Double) {
            self.connections = connections
            self.seconds = seconds
            perSecond = quotient(Double(connections), seconds)
        }
    }

    struct Lines: Encodable {
        var sent = 0
        /// Lines that were due, but for which this process had no time.
        var unsent = 0
        /// By how much the latest one was sent after it was due.
        var latestMilliseconds = 0.0
    }

    struct Deliveries: Encodable {
        let count: Int
        /// From the first line to the last delivery.
        let seconds: Double
        let perSecond: Double
        let bytesPerSecond: Double
        /// Processor time of this process, not of the server.
        let ownMicrosecondsEach: Double

        init(count: Int, seconds: Double, bytes: Int, processorSeconds: Double) {
            self.count = count
            self.seconds = seconds
            perSecond = quotient(Double(count), seconds)
            bytesPerSecond = quotient(Double(bytes), seconds)
            ownMicrosecondsEach = quotient(processorSeconds * 1e6, Double(count))
        }
    }

    /// Milliseconds from the moment when a line was due to each of its deliveries.
    struct Latency: Encodable {
        let p50, p90, p99, p999, max: Double
        /// Deliveries behind these figures; those of the warm-up are not among them.
        let count: Int

        init?(_ timing: Timing) {
            guard timing.count > 0 else { return nil }
            p50 = timing.milliseconds(percentile: 50)
            p90 = timing.milliseconds(percentile: 90)
            p99 = timing.milliseconds(percentile: 99)
            p999 = timing.milliseconds(percentile: 99.9)
            max = timing.milliseconds(percentile: 100)
            count = timing.count
        }
    }

    let settings: Broadcast.Settings
    var opening: Opening
    var lines = Lines()
    var deliveries: Deliveries
    var latency: Latency?
    /// Messages of others in the room.
    var foreign = 0
    /// Violations by kind, as far as there are any.
    var violations: [String: Int] = [:]
    /// The first violations in words.
    var findings: [String] = []
    var isInterrupted = false

    var isClean: Bool { violations.isEmpty }

    mutating func take(_ found: Findings) {
        findings = found.first.map(\.description)
        for (kind, count) in found.counts { violations[kind.rawValue] = count }
    }

    /// All of it in one line of JSON.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

private func quotient(_ value: Double, _ divisor: Double) -> Double {
    divisor > 0 ? value / divisor : 0
}
