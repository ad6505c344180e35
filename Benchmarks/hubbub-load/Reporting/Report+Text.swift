internal import Chat

extension Report {
    /// The report as text: one row for each item, its name first.
    var text: String {
        var rows = [openingRow]
        rows += talkRows
        rows += scenarioRows
        rows += resourceRows
        rows += noteRows
        rows.append(Self.row("verdict", verdict))
        rows += findings.map { "  \($0.text)" }
        let count = violations.values.reduce(0, +)
        if count > findings.count { rows.append("  … \(count) in all") }
        return rows.joined(separator: "\n")
    }

    private static func row(_ name: String, _ text: String) -> String {
        name + String(repeating: " ", count: max(20 - name.count, 1)) + text
    }

    private static func latencyRow(_ name: String, _ latency: Latency?) -> [String] {
        guard let latency else { return [] }
        let figures = [
            ("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99),
            ("p99.9", latency.p999), ("max", latency.max),
        ]
        let named = figures.map { "\($0.0) \(fixed($0.1, 3))" }
        return [row(name, named.joined(separator: "  ") + " ms")]
    }

    private var openingRow: String {
        let each = opening.latency.map { ", p50 \(fixed($0.p50, 2)), p99 \(fixed($0.p99, 2)) ms" }
        return Self.row(
            "connections",
            "\(opening.connections) in \(fixed(opening.seconds, 3)) s, "
                + "\(fixed(opening.perSecond, 0))/s" + (each ?? ""))
    }

    private var talkRows: [String] {
        guard let lines, let deliveries else { return [] }
        let late =
            scenario.isPaced
            ? ", the latest \(fixed(lines.latestMilliseconds, 2)) ms after it was due" : ""
        return [
            Self.row(
                "lines",
                "\(lines.sent) sent by \(settings.senders), \(fixed(lines.perSecond, 0))/s" + late),
            Self.row(
                "deliveries",
                "\(deliveries.count) in \(fixed(deliveries.seconds, 3)) s, "
                    + "\(fixed(deliveries.perSecond, 0))/s, "
                    + "\(fixed(deliveries.bytesPerSecond / 1e6, 2)) MB/s"),
        ]
    }

    private var scenarioRows: [String] {
        var rows: [String] = []
        if let slow {
            rows.append(
                Self.row(
                    "stopped reading",
                    "\(slow.connections) connections, of which the server closed \(slow.closed)"))
            rows += Self.latencyRow("others before", slow.latencyBefore)
            rows += Self.latencyRow("others since", latency)
        } else {
            rows += Self.latencyRow("latency", latency)
        }
        for storm in storms ?? [] {
            let resumed =
                dialect == .rich ? ", \(storm.resumed) of them without missing a line" : ""
            rows.append(
                Self.row(
                    "storm",
                    "\(storm.back) of \(storm.connections) back after "
                        + "\(fixed(storm.seconds, 3)) s, \(storm.retries) retries\(resumed)"))
        }
        if let churned {
            rows.append(
                Self.row("left", "\(churned) times a connection left, and was opened again"))
        }
        rows += Self.latencyRow("reconnects", reconnects)
        if let lines, lines.announcedGaps > 0 {
            rows.append(
                Self.row("gaps", "\(lines.announcedGaps) lines that the server announced it skips"))
        }
        return rows
    }

    private var resourceRows: [String] {
        var rows = [Self.row("our processor", Self.text(of: ownProcessor))]
        if let serverProcessor {
            var text = Self.text(of: serverProcessor)
            if let each = opening.serverMicrosecondsEach {
                text += ", \(fixed(each, 1)) µs a handshake"
            }
            rows.append(Self.row("server's processor", text))
        }
        if let memory = serverMemory {
            var text =
                "\(fixed(Double(memory.bytesAtEnd) / 1e6, 2)) MB at the end, "
                + "\(fixed(memory.bytesPerConnection, 0)) bytes a connection"
            if let half = memory.bytesPerConnectionOfSecondHalf {
                text += " (\(fixed(half, 0)) in the second half)"
            }
            rows.append(Self.row("server's memory", text))
        }
        return rows
    }

    private static func text(of processor: Processor) -> String {
        let each = processor.microsecondsPerDelivery.map { ", \(fixed($0, 2)) µs a delivery" }
        return "\(fixed(processor.seconds, 2)) s" + (each ?? "")
    }

    private var noteRows: [String] {
        var rows: [String] = []
        if foreign > 0 {
            rows.append(Self.row("others", "\(foreign) messages that are not of this run"))
        }
        if let lines, lines.unsent > 0 {
            rows.append(
                Self.row(
                    "note",
                    "\(lines.unsent) lines were due and not sent: this program was busy; lower "
                        + "--rate or --connections, or have more --processes"))
        }
        if scenario == .storm, dialect == .plain {
            let why =
                settings.dialect == .plain
                ? "--dialect plain" : "the server has no \(Subprotocol.rich)"
            rows.append(Self.row("note", "\(why): nobody could resume"))
        }
        if isInterrupted { rows.append(Self.row("note", "a signal ended the run early")) }
        if let limit { rows += limit.rows.map { Self.row($0.name, $0.text) } }
        return rows
    }

    private var verdict: String {
        guard !isClean else {
            return lines.map { $0.sent > 0 } == true
                ? "clean: no line lost, doubled, out of order or changed, on any connection"
                : "clean: no connection was lost; no line was sent"
        }
        let counts = violations.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "VIOLATED: \(counts.joined(separator: ", "))"
    }
}
