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

    mutating func opened(_ index: Int, at now: Instant) {
        bytes.opened(index)
        costs.opened(index, at: now)
    }
}
