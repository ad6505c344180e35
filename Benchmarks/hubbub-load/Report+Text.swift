internal import Foundation

extension Report {
    /// The report for people.
    var text: String {
        var rows = [
            "connections    \(opening.connections) in \(fixed(opening.seconds, 3)) s, "
                + "\(fixed(opening.perSecond, 0))/s",
            "lines          \(lines.sent) sent by \(settings.senders), the latest "
                + "\(fixed(lines.latestMilliseconds, 2)) ms after it was due",
            "deliveries     \(deliveries.count) in \(fixed(deliveries.seconds, 3)) s, "
                + "\(fixed(deliveries.perSecond, 0))/s, "
                + "\(fixed(deliveries.bytesPerSecond / 1e6, 2)) MB/s; "
                + "\(fixed(deliveries.ownMicrosecondsEach, 2)) µs of our processor each",
        ]
        if let latency {
            let figures = [
                ("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99),
                ("p99.9", latency.p999), ("max", latency.max),
            ]
            let named = figures.map { "\($0.0) \(fixed($0.1, 3))" }
            rows.append("latency in ms  \(named.joined(separator: "  "))")
        }
        if foreign > 0 {
            rows.append("others         \(foreign) messages that are not of this run")
        }
        if lines.unsent > 0 {
            rows.append(
                "note           \(lines.unsent) lines were due and not sent: "
                    + "this process was busy; lower --rate or --connections")
        }
        if isInterrupted { rows.append("note           a signal ended the run early") }
        rows.append("verdict        \(verdict)")
        rows += findings.map { "  \($0)" }
        let more = violations.values.reduce(0, +) - findings.count
        if more > 0 { rows.append("  … \(violations.values.reduce(0, +)) in all") }
        return rows.joined(separator: "\n")
    }

    private var verdict: String {
        guard !isClean else {
            return lines.sent > 0
                ? "clean: no line lost, doubled, out of order or changed, on any connection"
                : "clean: no connection was lost; no line was sent"
        }
        let counts = violations.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "VIOLATED: \(counts.joined(separator: ", "))"
    }

    private func fixed(_ value: Double, _ places: Int) -> String {
        String(format: "%.\(places)f", value)
    }
}
