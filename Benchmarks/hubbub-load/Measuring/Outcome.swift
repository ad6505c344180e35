/// The outcome of one process of a run.
struct Outcome: Codable {
    /// A time span, in nanoseconds of the clock that all processes share.
    struct Span: Codable, Equatable {
        var from: UInt64
        var to: UInt64

        var seconds: Double { Double(to - min(from, to)) / 1e9 }

        mutating func add(_ other: Span) {
            from = min(from, other.from)
            to = max(to, other.to)
        }
    }

    /// One round of a storm, in which all connections reconnect at once.
    struct Round: Codable, Equatable {
        var span: Span
        var connections: Int
        /// Connections that were back at the end.
        var back = 0
        /// Connections that got all lines since they left.
        var resumed = 0
        /// Failed attempts that were repeated.
        var retries = 0
    }

    var opening: Span
    var opened = 0
    var handshakes = Latencies()
    /// Handshakes after a connection's first one.
    var reconnects = Latencies()

    var talk: Span
    var linesSent = 0
    var linesUnsent = 0
    var latestNanoseconds: UInt64 = 0

    var deliveries = 0
    var bytes = 0
    var processorSeconds = 0.0
    var before = Latencies()
    var measured = Latencies()
    var stalled = Latencies()

    var stalledConnections = 0
    /// Stalled connections that the server closed.
    var stalledClosed = 0
    /// Lines that the server announced it won't deliver.
    var announced = 0
    var rounds: [Round] = []
    /// Connections that were left and opened again.
    var churned = 0
    var foreign = 0
    var isRich = false

    var violations: [String: Int] = [:]
    var findings: [ToldFinding] = []
    var orderDigest: UInt64?
    var isInterrupted = false

    /// Adds the outcome of another process of the run.
    mutating func add(_ other: Outcome) {
        opening.add(other.opening)
        opened += other.opened
        handshakes.add(other.handshakes)
        reconnects.add(other.reconnects)
        talk.add(other.talk)
        linesSent += other.linesSent
        linesUnsent += other.linesUnsent
        latestNanoseconds = max(latestNanoseconds, other.latestNanoseconds)
        deliveries += other.deliveries
        bytes += other.bytes
        processorSeconds += other.processorSeconds
        before.add(other.before)
        measured.add(other.measured)
        stalled.add(other.stalled)
        stalledConnections += other.stalledConnections
        stalledClosed += other.stalledClosed
        announced += other.announced
        churned += other.churned
        foreign += other.foreign
        isRich = isRich || other.isRich
        isInterrupted = isInterrupted || other.isInterrupted
        addRounds(other.rounds)
        violations.merge(other.violations, uniquingKeysWith: +)
        findings += other.findings
    }

    private mutating func addRounds(_ others: [Round]) {
        for (index, other) in others.enumerated() {
            guard index < rounds.count else {
                rounds.append(other)
                continue
            }
            rounds[index].span.add(other.span)
            rounds[index].connections += other.connections
            rounds[index].back += other.back
            rounds[index].resumed += other.resumed
            rounds[index].retries += other.retries
        }
    }

    /// The merged outcomes of all processes of a run. Those that saw all lines must have seen them
    /// in the same order.
    static func merging(_ outcomes: [Outcome]) -> Outcome? {
        guard var whole = outcomes.first else { return nil }
        for other in outcomes.dropFirst() { whole.add(other) }
        let digests = Set(outcomes.compactMap(\.orderDigest))
        if digests.count > 1 {
            let processes = outcomes.indices.filter { outcomes[$0].orderDigest != nil }
            whole.take(Finding.disordered(processes: Array(processes)))
        }
        return whole
    }

    private mutating func take(_ finding: Finding) {
        violations[finding.kind.rawValue, default: 0] += 1
        findings.append(ToldFinding(finding))
    }

    mutating func take(_ found: Findings) {
        for (kind, count) in found.counts { violations[kind.rawValue, default: 0] += count }
        findings += found.first.map(ToldFinding.init)
    }
}
