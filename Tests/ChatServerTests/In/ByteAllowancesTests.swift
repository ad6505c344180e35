import Reactor
import Testing

@testable import ChatServer

@Suite struct ByteAllowancesTests {
    private static func time(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: (60_000 + milliseconds) * 1_000_000)
    }

    @Test func `without a limit nothing is counted`() {
        var allowances = ByteAllowances(perSecond: 0)
        allowances.opened(3)
        #expect(allowances.largestRead == .max)
        #expect(allowances.used(1_000_000, by: 3, at: Self.time(0)) == nil)
        #expect(!allowances.owes(3))
    }

    @Test func `a client that has used up its second waits until the excess is paid off`() {
        var allowances = ByteAllowances(perSecond: 1_000)
        #expect(allowances.largestRead == 1_000)
        allowances.opened(0)
        #expect(allowances.used(1_000, by: 0, at: Self.time(0)) == nil)
        #expect(allowances.used(500, by: 0, at: Self.time(0)) == 500)
        #expect(allowances.owes(0))
        #expect(allowances.used(0, by: 0, at: Self.time(499)) == 1)
        #expect(allowances.used(0, by: 0, at: Self.time(500)) == nil)
        #expect(!allowances.owes(0))
    }

    @Test func `a client without a debt doesn't wait`() {
        var allowances = ByteAllowances(perSecond: 1_000)
        allowances.opened(0)
        #expect(allowances.used(1_000, by: 0, at: Self.time(0)) == nil)
        #expect(allowances.used(0, by: 0, at: Self.time(0)) == nil)
    }

    @Test func `a reused slot has no debt, and slots are independent`() {
        var allowances = ByteAllowances(perSecond: 1_000)
        allowances.opened(5)
        allowances.opened(2)
        _ = allowances.used(1_000, by: 5, at: Self.time(0))
        #expect(allowances.used(1_000, by: 5, at: Self.time(0)) != nil)
        #expect(allowances.used(1_000, by: 2, at: Self.time(0)) == nil)
        allowances.opened(5)
        #expect(!allowances.owes(5))
        #expect(allowances.used(1_000, by: 5, at: Self.time(0)) == nil)
    }
}
