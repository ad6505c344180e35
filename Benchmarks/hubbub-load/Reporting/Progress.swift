internal import Console
internal import Foundation
internal import Reactor

/// One line on a terminal that shows the progress of a run.
final class Progress {
    private var talkStart: Int?
    private let origin: Instant
    private let length: Double
    private let write: (String) -> Void
    private var isShown = false

    /// `length` is the seconds that the run takes once all connections are open.
    init(origin: Instant, length: Double, write: @escaping (String) -> Void) {
        self.origin = origin
        self.length = length
        self.write = write
    }

    /// Nil if standard error isn't a terminal.
    static func onTerminal(origin: Instant, length: Double) -> Progress? {
        guard StandardStream.error.isTerminal else { return nil }
        return Progress(origin: origin, length: length) { text in
            try? StandardStream.error.write(text)
        }
    }

    /// All connections are open.
    func talks(from now: Instant) {
        talkStart = Int((now.nanoseconds - origin.nanoseconds) / 1_000_000_000)
    }

    /// Shows the last second.
    func show(_ interval: Interval, _ settings: Settings) {
        var parts = ["\(interval.second) s"]
        if talkStart == nil {
            parts.append("opening: \(interval.connections) of \(settings.connections)")
            parts.append("\(interval.opened) handshakes/s")
        } else {
            parts.append("\(interval.connections) connections")
        }
        if settings.scenario.talks, talkStart != nil {
            parts.append("\(interval.sent) lines/s")
            parts.append("\(interval.delivered) deliveries/s")
            let p99 = interval.latencies.milliseconds(percentile: 99)
            if !interval.latencies.isEmpty { parts.append("p99 \(fixed(p99, 2)) ms") }
        }
        if let talkStart {
            let left = length - Double(interval.second - talkStart)
            parts.append(left > 0 ? "\(Int(left.rounded(.up))) s left" : "settling")
        }
        isShown = true
        write("\r\u{1B}[K" + parts.joined(separator: " · "))
    }

    /// Removes the line.
    func end() {
        guard isShown else { return }
        isShown = false
        write("\r\u{1B}[K")
    }
}

/// A number with this many decimal places.
func fixed(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
}
