import Reactor
import Testing

@testable import ChatServer

@Suite struct CostAllowancesTests {
    private static func time(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: (60_000 + milliseconds) * 1_000_000)
    }

    /// 1 000 units a second, 2 000 at once, and 5 s of debt.
    private static func allowances(
        _ change: (inout Limits) -> Void = { _ in }
    ) -> CostAllowances {
        var limits = Limits()
        (limits.costPerSecond, limits.costBurst, limits.debtTimeout) = (1_000, 2_000, 5_000)
        change(&limits)
        var allowances = CostAllowances(limits: limits)
        allowances.opened(0, at: Instant(nanoseconds: 0))
        allowances.opened(5, at: Instant(nanoseconds: 0))
        return allowances
    }

    @Test func `with the limit off nothing is counted`() {
        var allowances = Self.allowances { $0.costPerSecond = 0 }
        #expect(allowances.charge(1_000_000, to: 0, at: Self.time(0)) == false)
        #expect(allowances.isQuiet(0, at: Self.time(0)))
        #expect(!allowances.isInDebt(0, at: Self.time(0)))
        #expect(allowances.total == 0)
    }

    @Test func `beyond its burst a connection is in debt until the excess is paid off`() {
        var allowances = Self.allowances()
        #expect(allowances.charge(2_000, to: 0, at: Self.time(0)) == false)
        #expect(!allowances.isInDebt(0, at: Self.time(0)))
        #expect(allowances.charge(500, to: 0, at: Self.time(0)) == true)
        #expect(allowances.isInDebt(0, at: Self.time(499)))
        #expect(!allowances.isInDebt(0, at: Self.time(500)))
        #expect(!allowances.isInDebt(5, at: Self.time(0)))
        #expect((allowances.total, allowances.debts) == (UInt64(2_500 + 2 * Cost.connection), 1))
    }

    @Test func `a connection that owes next to nothing is quiet`() {
        var allowances = Self.allowances()
        #expect(allowances.isQuiet(0, at: Self.time(0)))
        _ = allowances.charge(Limits.quietCost, to: 0, at: Self.time(0))
        #expect(allowances.isQuiet(0, at: Self.time(0)))
        _ = allowances.charge(50, to: 0, at: Self.time(0))
        #expect(!allowances.isQuiet(0, at: Self.time(49)))
        #expect(allowances.isQuiet(0, at: Self.time(50)))
    }

    @Test func `a debt that is paid and made again counts from its beginning`() {
        var allowances = Self.allowances()
        _ = allowances.charge(2_500, to: 0, at: Self.time(0))
        for second in UInt64(1)..<5 {
            #expect(allowances.charge(1_001, to: 0, at: Self.time(second * 1_000)) == true)
            #expect(!allowances.hasOwedTooLong(0, at: Self.time(second * 1_000)))
        }
        #expect(allowances.hasOwedTooLong(0, at: Self.time(5_000)))
        #expect(!allowances.hasOwedTooLong(5, at: Self.time(5_000)))
        #expect(allowances.debts == 1)
    }

    @Test func `once half of the burst is paid off a debt is forgotten`() {
        var allowances = Self.allowances()
        _ = allowances.charge(2_500, to: 0, at: Self.time(0))
        #expect(allowances.isDebtor(0))
        #expect(allowances.charge(10, to: 0, at: Self.time(1_500)) == false)
        #expect(!allowances.isDebtor(0))
        #expect(allowances.charge(2_001, to: 0, at: Self.time(6_000)) == true)
        #expect(!allowances.hasOwedTooLong(0, at: Self.time(6_000)))
        #expect(allowances.debts == 2)
    }

    @Test func `a new connection owes nothing of its predecessor's`() {
        var allowances = Self.allowances()
        _ = allowances.charge(9_000, to: 0, at: Self.time(0))
        allowances.opened(0, at: Instant(nanoseconds: 0))
        #expect(allowances.isQuiet(0, at: Self.time(0)))
        #expect(!allowances.isDebtor(0))
    }

    @Test func `with a patience of 0 a debt is never too long`() {
        var allowances = Self.allowances { $0.debtTimeout = 0 }
        _ = allowances.charge(9_000, to: 0, at: Self.time(0))
        #expect(!allowances.hasOwedTooLong(0, at: Self.time(1_000_000)))
    }
}
