internal import Reactor

/// What happens to the connections of a run besides lines, and when.
struct Script {
    enum Act: Equatable {
        /// Some connections stop reading.
        case stall
        /// All connections leave and come back.
        case storm
        /// A connection leaves and comes back.
        case leave(Int)
    }

    /// The time that separates two phases of the measurement. None by default.
    private(set) var split = Instant(nanoseconds: 0)
    private let start: Instant
    private let seconds: Double
    private var single: [(due: Instant, act: Act)] = []
    /// Connections that leave in turn, and how many do so a second.
    private let leaving: [Int]
    private let churn: Double
    private var left = 0

    init(_ share: Share, start: Instant) {
        let settings = share.settings
        self.start = start.advanced(bySeconds: settings.warmup)
        seconds = settings.duration
        let isSoak = settings.scenario == .soak
        leaving = isSoak ? share.leaving : []
        churn = isSoak ? share.churn : 0
        switch settings.scenario {
        case .slow:
            split = self.start.advanced(bySeconds: seconds / 2)
            single = [(split, .stall)]
        case .storm:
            single = (1...settings.rounds).map { round in
                let after = seconds * Double(round) / Double(settings.rounds + 1)
                return (self.start.advanced(bySeconds: after), .storm)
            }
        case .connect, .idle, .broadcast, .flood, .rooms, .soak: break
        }
    }

    /// When the next act is due. Nil if there is none.
    var nextDue: Instant? { single.first?.due ?? nextLeave }

    private var nextLeave: Instant? {
        guard churn > 0, !leaving.isEmpty else { return nil }
        let after = Double(left + 1) / churn
        return after < seconds ? start.advanced(bySeconds: after) : nil
    }

    /// The next act, if it is due. While a storm lasts, the next one waits.
    mutating func take(at now: Instant, isStormy: Bool = false) -> Act? {
        if let first = single.first {
            guard first.due <= now, !isStormy || first.act != .storm else { return nil }
            return single.removeFirst().act
        }
        guard let due = nextLeave, due <= now else { return nil }
        defer { left += 1 }
        return .leave(leaving[left % leaving.count])
    }
}
