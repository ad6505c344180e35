import Reactor
import Testing

@testable import ChatServer

@Suite struct LifeTests {
    private static func time(_ steps: UInt32) -> CoarseTime { CoarseTime(steps: steps) }

    @Test(
        arguments: [
            (.serving, false, .never),
            (.draining(.settling(until: time(3), deadline: time(9))), true, time(3)),
            (.draining(.settling(until: time(9), deadline: time(3))), true, time(3)),
            (.draining(.leaving(deadline: time(9))), false, time(9)),
            (.ended, false, .never),
            (.endedAtOnce(signal: 15), false, .never),
        ] as [(Life, Bool, CoarseTime)])
    func `it advances by itself only while it drains, and reads nothing while it settles`(
        life: Life, isSettling: Bool, nextStep: CoarseTime
    ) {
        #expect(life.isSettling == isSettling)
        #expect(life.nextStep == nextStep)
    }
}
