import TestSupport
import Testing

@testable import ChatServer

@Suite struct SegmentQueueTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a queue behaves like an array`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = SegmentQueue()
        var model: [ChunkID] = []
        // It grows and shrinks alternately, so that the ring is made and freed.
        for round in 0..<6 {
            let growth = round.isMultiple(of: 2) ? 700 : 300
            for number in 0..<200 {
                if random.happens(growth) {
                    let id = ChunkID(rawValue: UInt32(round * 1_000 + number))
                    queue.append(id)
                    model.append(id)
                } else if !model.isEmpty {
                    queue.removeFirst()
                    model.removeFirst()
                }
                #expect(queue.front == model.first)
                #expect(model.indices.allSatisfy { queue[$0] == model[$0] })
                #expect(Int(queue.count) == model.count)
                #expect(queue.isEmpty == model.isEmpty)
            }
        }
    }
}
