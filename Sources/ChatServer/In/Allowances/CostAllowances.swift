internal import Reactor

/// What each connection's work has cost and isn't paid off yet, in units of ``Cost``.
///
/// Each second pays off `costPerSecond` units. A connection that owes more than `costBurst` is in
/// debt. With the limit off nothing is kept.
struct CostAllowances {
    /// The time that pays off a unit. 0: the limit is off.
    private var nanosecondsAUnit: UInt64 = 0
    /// The most that may be owed without a debt, in nanoseconds.
    private var limit: UInt64 = 0
    private var patience: UInt64 = 0
    /// When each connection's work is paid off, in nanoseconds, by index.
    private var paidOff: [UInt64] = []
    /// When connections got into debt, by index. They stay here until half of the burst is paid.
    private var debtors: [Int: Instant] = [:]
    /// Units of all connections.
    private(set) var total: UInt64 = 0
    /// How often a connection got into debt.
    private(set) var debts: UInt64 = 0

    init(limits: Limits) { take(limits) }

    private mutating func take(_ limits: Limits) {
        let perSecond = UInt64(limits.costPerSecond)
        nanosecondsAUnit = perSecond > 0 ? 1_000_000_000 / perSecond : 0
        limit = UInt64(limits.costBurst) * nanosecondsAUnit
        patience = limits.debtTimeout
    }

    /// What the connections below index `count` owe stays the same number of units.
    mutating func limitsChanged(_ limits: Limits, count: Int, at now: Instant) {
        let before = nanosecondsAUnit
        take(limits)
        guard nanosecondsAUnit != before else { return }
        if isOff || before == 0 {
            debtors = [:]
            paidOff = Array(repeating: 0, count: isOff ? 0 : count)
            return
        }
        for index in paidOff.indices {
            let units = owed(index, at: now) / before
            paidOff[index] = now.nanoseconds + units * nanosecondsAUnit
        }
    }

    private var isOff: Bool { nanosecondsAUnit == 0 }

    /// A connection begins. It owes what it costs to accept it.
    mutating func opened(_ index: Int, at now: Instant) {
        guard !isOff else { return }
        total += UInt64(Cost.connection)
        while paidOff.count <= index { paidOff.append(0) }
        paidOff[index] = now.nanoseconds + UInt64(Cost.connection) * nanosecondsAUnit
        if !debtors.isEmpty { debtors[index] = nil }
    }

    /// Whether a connection has hardly used its allowance. Such a connection never waits for its
    /// turn.
    @inline(__always)
    func isQuiet(_ index: Int, at now: Instant) -> Bool {
        isOff || owed(index, at: now) <= UInt64(Limits.quietCost) * nanosecondsAUnit
    }

    @inline(__always)
    func isInDebt(_ index: Int, at now: Instant) -> Bool {
        !isOff && owed(index, at: now) > limit
    }

    /// Whether a connection was in debt, and hasn't paid off half of its burst since.
    func isDebtor(_ index: Int) -> Bool { debtors[index] != nil }

    /// Whether a connection has been in debt for too long.
    func hasOwedTooLong(_ index: Int, at now: Instant) -> Bool {
        guard patience > 0, let since = debtors[index] else { return false }
        return now.milliseconds >= since.milliseconds + patience
    }

    /// A connection has done work. Returns whether it is in debt now.
    @inline(__always)
    mutating func charge(_ cost: Int, to index: Int, at now: Instant) -> Bool {
        guard !isOff, cost > 0 else { return false }
        total += UInt64(cost)
        let before = owed(index, at: now)
        let after = before + UInt64(cost) * nanosecondsAUnit
        paidOff[index] = now.nanoseconds + after
        guard after > limit || !debtors.isEmpty else { return false }
        return noteDebt(index, before, after, at: now)
    }

    private mutating func noteDebt(
        _ index: Int, _ before: UInt64, _ after: UInt64, at now: Instant
    ) -> Bool {
        if before <= limit / 2 { debtors[index] = nil }
        guard after > limit else { return false }
        if debtors[index] == nil {
            debtors[index] = now
            debts += 1
        }
        return true
    }

    /// The nanoseconds until everything is paid off.
    @inline(__always)
    private func owed(_ index: Int, at now: Instant) -> UInt64 {
        let moment = paidOff[index]
        return moment > now.nanoseconds ? moment - now.nanoseconds : 0
    }
}
