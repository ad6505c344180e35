internal import Reactor

/// What connections may still ask for: bytes, work, and their turns in a tick.
struct Allowances {
    var bytes: ByteAllowances
    var costs: CostAllowances
    var turns = Turns()

    init(limits: Limits) {
        bytes = ByteAllowances(perSecond: limits.bytesPerSecond)
        costs = CostAllowances(limits: limits)
    }

    /// New limits hold from now on, also for the connections below index `count`.
    mutating func limitsChanged(_ limits: Limits, count: Int, at now: Instant) {
        bytes.limitChanged(limits.bytesPerSecond, count: count)
        costs.limitsChanged(limits, count: count, at: now)
    }

    mutating func opened(_ index: Int, at now: Instant) {
        bytes.opened(index)
        costs.opened(index, at: now)
    }
}
