internal import Foundation

extension Report {
    /// `samples` are the server's use before the first connection and at the barriers.
    init(
        _ settings: Settings, _ outcome: Outcome, series: [Series.Point],
        samples: [String: ServerProbe.Sample], started: Date, seconds: Double
    ) {
        scenario = settings.scenario
        self.settings = settings
        self.started = started.formatted(.iso8601)
        self.seconds = seconds
        self.series = series
        dialect = outcome.isRich ? .rich : .plain
        opening = Opening(
            connections: outcome.opened, seconds: outcome.opening.seconds,
            perSecond: quotient(Double(outcome.opened), outcome.opening.seconds),
            latency: Latency(outcome.handshakes),
            serverMicrosecondsEach: Self.used(samples, "start", "opened").map {
                quotient($0 * 1e6, Double(outcome.opened))
            })
        reconnects = Latency(outcome.reconnects)
        ownProcessor = Self.processor(outcome.processorSeconds, outcome)
        serverProcessor = Self.used(samples, "opened", "settled").map {
            Self.processor($0, outcome)
        }
        serverMemory = Self.memory(samples, connections: outcome.opened)
        foreign = outcome.foreign
        isInterrupted = outcome.isInterrupted
        violations = outcome.violations
        isClean = outcome.violations.isEmpty
        findings = outcome.findings.map {
            Finding(
                kind: $0.kind.rawValue, connection: $0.connection, sender: $0.sender,
                firstLine: $0.firstLine, lastLine: $0.lastLine, text: $0.text)
        }
        if settings.scenario.talks { takeTalk(outcome) }
        takeScenario(outcome)
    }

    private mutating func takeTalk(_ outcome: Outcome) {
        let seconds = outcome.talk.seconds
        lines = Lines(
            sent: outcome.linesSent, perSecond: quotient(Double(outcome.linesSent), seconds),
            unsent: outcome.linesUnsent,
            latestMilliseconds: Double(outcome.latestNanoseconds) / 1e6,
            announcedGaps: outcome.announced)
        deliveries = Deliveries(
            count: outcome.deliveries, seconds: seconds,
            perSecond: quotient(Double(outcome.deliveries), seconds), bytes: outcome.bytes,
            bytesPerSecond: quotient(Double(outcome.bytes), seconds))
        latency = Latency(outcome.measured)
    }

    private mutating func takeScenario(_ outcome: Outcome) {
        switch scenario {
        case .slow:
            slow = Slow(
                connections: outcome.stalledConnections, closed: outcome.stalledClosed,
                latencyBefore: Latency(outcome.before),
                latencyStalled: Latency(outcome.stalled))
        case .storm:
            storms = outcome.rounds.map {
                Storm(
                    connections: $0.connections, back: $0.back, resumed: $0.resumed,
                    retries: $0.retries, seconds: $0.span.seconds)
            }
        case .soak: churned = outcome.churned
        case .connect, .idle, .broadcast, .flood, .rooms: break
        }
    }

    private static func processor(_ seconds: Double, _ outcome: Outcome) -> Processor {
        let each =
            outcome.deliveries > 0 ? seconds * 1e6 / Double(outcome.deliveries) : nil
        return Processor(seconds: seconds, microsecondsPerDelivery: each)
    }

    /// Seconds of processor time between two samples.
    private static func used(
        _ samples: [String: ServerProbe.Sample], _ from: String, _ to: String
    ) -> Double? {
        guard let first = samples[from], let last = samples[to] else { return nil }
        return last.processorSeconds - first.processorSeconds
    }

    private static func memory(
        _ samples: [String: ServerProbe.Sample], connections: Int
    ) -> Memory? {
        guard let start = samples["start"], let opened = samples["opened"],
            let end = samples["settled"], connections > 0
        else { return nil }
        let all = Double(connections)
        var memory = Memory(
            bytesAtStart: start.bytes, bytesOpened: opened.bytes, bytesAtEnd: end.bytes,
            bytesPerConnection: Double(opened.bytes - start.bytes) / all,
            bytesPerConnectionAtEnd: Double(end.bytes - start.bytes) / all)
        if let half = samples["half"] {
            let rest = Double(connections - max(connections / 2, 1))
            memory.bytesPerConnectionOfSecondHalf =
                quotient(Double(opened.bytes - half.bytes), rest)
        }
        return memory
    }
}

func quotient(_ value: Double, _ divisor: Double) -> Double {
    divisor > 0 ? value / divisor : 0
}
