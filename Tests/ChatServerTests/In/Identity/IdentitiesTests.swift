import Identity
import Reactor
import Simulation
import TestSupport
import Testing

@testable import ChatServer

/// The part alone: due times, and the log of refusals.
@Suite struct IdentitiesTests {
    private let holder = Principal(
        sub: "u1", name: nil, rights: Rights(role: .member), expiry: 0)

    private func instant(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    private func steps(
        _ identities: inout Identities, at milliseconds: UInt64
    ) -> [Identities.Step] {
        var steps: [Identities.Step] = []
        let now = instant(milliseconds)
        while let (_, step) = identities.takeStep(at: now, CoarseTime(now)) { steps.append(step) }
        return steps
    }

    private func identities() -> Identities {
        Identities(IdentityRules(demand: .optional, verifier: SimulatedVerifier()))
    }

    @Test func `without holders nothing is ever due`() {
        #expect(identities().next == .never)
        #expect(!Identities(IdentityRules()).areOn)
        #expect(identities().areOn)
    }

    @Test func `a life has a warning and an end`() {
        var identities = identities()
        identities.hold(7, holder, for: 200_000, at: instant(0))
        #expect(steps(&identities, at: 139_000) == [])
        #expect(steps(&identities, at: 141_000) == [.expiring(timeLeft: 59_000)])
        #expect(steps(&identities, at: 199_000) == [])
        #expect(steps(&identities, at: 201_000) == [.expired])
        #expect(steps(&identities, at: 900_000) == [])
    }

    @Test func `a connection that has gone has no step`() {
        var identities = identities()
        identities.hold(7, holder, for: 1_000, at: instant(0))
        identities.release(7)
        #expect(steps(&identities, at: 5_000) == [])
        #expect(identities.count == 0)
    }

    @Test func `a shorter renewal ends sooner`() {
        var identities = identities()
        identities.hold(7, holder, for: 1_000_000, at: instant(0))
        identities.hold(7, holder, for: 10_000, at: instant(0))
        #expect(steps(&identities, at: 6_000) == [.expiring(timeLeft: 4_000)])
        #expect(steps(&identities, at: 11_000) == [.expired])
    }

    @Test func `connections that have gone leave no due times`() {
        var identities = identities()
        for index in 0..<100_000 {
            identities.hold(index % 10, holder, for: 1_000_000 + UInt64(index), at: instant(0))
            identities.release(index % 10)
        }
        #expect(identities.dueCount < 2_000)
    }

    @Test func `due times come in order`() {
        var random = SplitMix64(seed: 3)
        var dues = DueTimes()
        let times = (0..<1_000).map { _ in UInt32(random.number(in: 0...500)) }
        for (index, time) in times.enumerated() { dues.add(index, at: CoarseTime(steps: time)) }
        var found: [UInt32] = []
        while let (time, index) = dues.take(at: CoarseTime(steps: 500)) {
            #expect(times[index] == time.steps)
            found.append(time.steps)
        }
        #expect(found == times.sorted())
        #expect(dues.next == .never)
    }
}
