internal import Glibc
internal import Reactor

/// One process's part of a run, from the first handshake to the last Close.
struct Run: ~Copyable {
    /// Seconds without any delivery after which missing lines count as lost.
    private static let patience = 3.0
    /// Milliseconds for the server to answer our Close.
    private static let closePatience: UInt64 = 2_000
    /// The longest wait of the loop, in nanoseconds.
    static let longestWait: UInt64 = 100_000_000

    let share: Share
    let origin: Instant
    var crowd: Crowd
    var buffer = Crowd.makeReceiveBuffer()
    private var link: Link
    private var pulse: Pulse
    /// The barriers that the conductor has opened, and when the next part begins.
    private var passed: [Barrier: Instant] = [:]
    private var totals: [Int: Int]?
    var rounds: [Outcome.Round] = []
    /// Whether some connections of the last round aren't back.
    var isStormy = false
    var churned = 0
    var linesUnsent = 0
    var latest: UInt64 = 0

    init(_ share: Share, origin: Instant, link: consuming Link) throws(Failure) {
        self.share = share
        self.origin = origin
        crowd = try Crowd(share)
        pulse = Pulse(origin: origin, now: crowd.now)
        self.link = link
    }

    var settings: Settings { share.settings }

    /// Whether the run continues.
    var goesOn: Bool {
        crowd.interruptions == 0 && crowd.inside + crowd.opening + crowd.returning.count > 0
    }

    /// Runs to the end, or until a signal.
    mutating func perform() throws(Failure) {
        try link.register(on: &crowd.network)
        let openingStart = crowd.now
        try openAll()
        let opening = Outcome.Span(
            from: openingStart.nanoseconds, to: crowd.now.nanoseconds)
        var outcome = Outcome(opening: opening, talk: opening)
        outcome.opened = crowd.opened
        try wait(for: .opened)
        crowd.isForgiving = true

        let start = passed[.opened] ?? crowd.now
        let (processorTime, bytes) = (clock(), crowd.bytesReceived)
        crowd.timing.from = start.advanced(bySeconds: settings.warmup)
        if settings.scenario.talks {
            try talk(from: start)
            try settle()
        } else {
            try hold(from: start)
        }
        outcome.talk = Outcome.Span(
            from: start.nanoseconds,
            to: settings.scenario.talks
                ? max(crowd.timing.lastDelivery, start).nanoseconds : crowd.now.nanoseconds)
        outcome.bytes = crowd.bytesReceived - bytes
        outcome.processorSeconds = Double(clock() - processorTime) / Double(CLOCKS_PER_SEC)
        try wait(for: .settled)
        collect(into: &outcome)
        try crowd.closeAll(milliseconds: Self.closePatience, buffer: &buffer)
        try link.say(.outcome(outcome), at: crowd.now, over: &crowd.network)
    }

    /// One turn of the loop. It waits until `due` at the latest.
    mutating func tick(until due: Instant) throws(Failure) {
        let now = crowd.network.now()
        let wait = due.nanoseconds - min(now.nanoseconds, due.nanoseconds)
        try crowd.tick(nanoseconds: min(wait, Self.longestWait), buffer: &buffer)
        if let interval = pulse.interval(of: &crowd) {
            try link.say(.interval(interval), at: crowd.now, over: &crowd.network)
        }
        try listen()
    }

    private mutating func listen() throws(Failure) {
        guard crowd.isCalled else { return }
        crowd.isCalled = false
        try takeOrders()
    }

    private mutating func takeOrders() throws(Failure) {
        while let order = try link.next(over: &crowd.network) {
            switch order {
            case .begin: break
            case .go(let barrier, let time): passed[barrier] = Instant(nanoseconds: time)
            case .settle(let sent): totals = sent
            case .stop: crowd.interrupt()
            }
        }
    }

    /// Waits until all processes have reached the barrier.
    mutating func wait(for barrier: Barrier) throws(Failure) {
        try link.say(.reached(barrier), at: crowd.now, over: &crowd.network)
        try takeOrders()
        while passed[barrier] == nil { try tick(until: crowd.now.advanced(bySeconds: 1)) }
    }

    /// Waits without activity except pings.
    private mutating func hold(from start: Instant) throws(Failure) {
        let end = start.advanced(bySeconds: settings.length)
        while goesOn, crowd.now < end { try tick(until: end) }
    }

    /// Waits until all lines are delivered, or nothing more arrives.
    private mutating func settle() throws(Failure) {
        try link.say(.talked(sent: sent), at: crowd.now, over: &crowd.network)
        try takeOrders()
        while totals == nil { try tick(until: crowd.now.advanced(bySeconds: 1)) }
        for room in crowd.verifiers.indices where share.count > 1 && crowd.rooms == 1 {
            crowd.verifiers[room].learn(totals ?? [:])
        }
        let since = crowd.now
        var last = crowd.timing.lastDelivery
        while goesOn || crowd.interruptions == 1, !crowd.isComplete {
            last = max(crowd.timing.lastDelivery, since)
            guard crowd.now < last.advanced(bySeconds: Self.patience) else { break }
            try tick(until: crowd.now.advanced(bySeconds: 0.05))
        }
        for room in crowd.verifiers.indices { crowd.verifiers[room].finish() }
    }

    private var sent: [Int: Int] {
        var all: [Int: Int] = [:]
        for verifier in crowd.verifiers {
            for member in verifier.positions.indices {
                let number = verifier.members.number(at: member)
                if let sender = verifier.senders.index(of: number),
                    let sent = verifier.sent[sender],
                    sent > 0
                {
                    all[number] = sent
                }
            }
        }
        return all
    }

    private mutating func collect(into outcome: inout Outcome) {
        outcome.handshakes = crowd.handshakes
        outcome.reconnects = crowd.reconnects
        outcome.linesSent = crowd.linesSent
        outcome.linesUnsent = linesUnsent
        outcome.latestNanoseconds = latest
        outcome.deliveries = crowd.delivered
        outcome.before = crowd.timing.before
        outcome.measured = crowd.timing.measured
        outcome.stalled = crowd.timing.stalled
        outcome.stalledConnections = share.stalling.count
        outcome.stalledClosed = crowd.stalledClosed
        outcome.announced = crowd.announced
        outcome.rounds = rounds
        outcome.churned = churned
        outcome.foreign = crowd.foreign
        outcome.isRich = crowd.isRich
        outcome.isInterrupted = crowd.interruptions > 0
        for verifier in crowd.verifiers { outcome.take(verifier.findings) }
        if crowd.rooms == 1, outcome.violations.isEmpty, settings.scenario.talks {
            outcome.orderDigest = crowd.verifiers[0].log.digest
        }
    }
}

extension Crowd {
    /// Whether any connection uses `hubbub.v1`.
    fileprivate var isRich: Bool {
        for index in 0..<clients.count where clients[index].isRich { return true }
        return false
    }
}

extension Instant {
    func advanced(bySeconds seconds: Double) -> Instant {
        Instant(nanoseconds: nanoseconds + UInt64(max(seconds, 0) * 1e9))
    }
}
