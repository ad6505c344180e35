import TestSupport
import Testing

@testable import Reactor

@Suite struct TimerWheelTests {
    /// Deadlines in a dictionary, with the reach of the wheel.
    private struct Model {
        var current: UInt32
        var deadlines: [Int: UInt32] = [:]

        mutating func schedule(_ index: Int, at deadline: UInt32) {
            let ahead = min(max(Int(deadline) - Int(current), 1), TimerWheel.bucketCount - 1)
            deadlines[index] = current + UInt32(ahead)
        }

        mutating func advance(to now: UInt32) -> Set<Int> {
            guard current < now else { return [] }
            let due = deadlines.filter { $0.value <= now }
            for index in due.keys { deadlines[index] = nil }
            current = now
            return Set(due.keys)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `it behaves like a dictionary of deadlines`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let start = UInt32.random(in: 0...5_000, using: &random)
        var model = Model(current: start)
        var wheel = TimerWheel(now: CoarseTime(steps: start))
        for _ in 0..<500 {
            let index = Int.random(in: 0..<40, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...5:
                let reach: UInt32 = Bool.random(using: &random) ? 20 : 2_000
                let at = model.current + UInt32.random(in: 0...reach, using: &random)
                wheel.schedule(index, at: CoarseTime(steps: max(at, 3) - 3))
                model.schedule(index, at: max(at, 3) - 3)
            case 6:
                wheel.cancel(index)
                model.deadlines[index] = nil
            default:
                let reach: UInt32 = Int.random(in: 0..<20, using: &random) == 0 ? 1_500 : 12
                let now = model.current + UInt32.random(in: 0...reach, using: &random)
                var due: [Int] = []
                wheel.advance(to: CoarseTime(steps: now), due: &due)
                #expect(Set(due) == model.advance(to: now))
                #expect(Set(due).count == due.count)
            }
            #expect(wheel.count == model.deadlines.count)
            let next = model.deadlines.values.min().map { Int($0 - model.current) }
            #expect(wheel.stepsToNext == next)
        }
    }

    @Test func `time that goes backwards changes nothing`() {
        var wheel = TimerWheel(now: CoarseTime(steps: 100))
        wheel.schedule(3, at: CoarseTime(steps: 102))
        var due: [Int] = []
        wheel.advance(to: CoarseTime(steps: 50), due: &due)
        #expect(due == [])
        wheel.advance(to: CoarseTime(steps: 102), due: &due)
        #expect(due == [3])
    }
}
