import Reactor
import TestSupport
import Testing

@testable import ChatServer

@Suite struct OutboundRingTests {
    /// The same ring made of plain arrays.
    private struct Model {
        struct Segment {
            var bytes: [UInt8]
            let lines: Int
        }

        var lines: [Segment] = []
        var control: [Segment] = []
        /// The segment that the kernel has begun to take. It is in neither array.
        var begun: (segment: Segment, lane: OutboundRing.Lane)?

        /// All waiting bytes, in the order in which they are sent.
        var bytes: [UInt8] {
            (begun.map { [$0.segment] } ?? []).reduce([]) { $0 + $1.bytes }
                + (control + lines).reduce([]) { $0 + $1.bytes }
        }

        func bytes(in lane: OutboundRing.Lane) -> Int {
            let waiting = lane == .lines ? lines : control
            let rest = begun.map { $0.lane == lane ? $0.segment.bytes.count : 0 } ?? 0
            return waiting.reduce(rest) { $0 + $1.bytes.count }
        }

        /// Returns the number of lines that this finishes.
        mutating func sent(_ count: Int) -> Int {
            var (left, finished) = (count, 0)
            while left > 0 {
                var next =
                    begun
                    ?? (control.isEmpty
                        ? (lines.removeFirst(), .lines) : (control.removeFirst(), .control))
                let taken = min(left, next.segment.bytes.count)
                next.segment.bytes.removeFirst(taken)
                left -= taken
                finished += next.segment.bytes.isEmpty ? next.segment.lines : 0
                begun = next.segment.bytes.isEmpty ? nil : next
            }
            return finished
        }
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `a ring behaves like plain arrays`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pool = ChunkPool()
        var ring = OutboundRing()
        var model = Model()
        for _ in 0..<400 {
            switch random.number(in: 1...100) {
            case 1...50:
                let bytes = (0..<random.number(in: 1...30)).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
                let lines = random.number(in: 0...3)
                let chunk = pool.make(bytes, lines: lines)
                if random.happens(600) {
                    ring.append(chunk, to: .lines, of: &pool)
                    model.lines.append(Model.Segment(bytes: bytes, lines: lines))
                } else {
                    ring.append(chunk, to: .control, of: &pool)
                    model.control.append(Model.Segment(bytes: bytes, lines: lines))
                }
                pool.release(chunk)
            case 51...98:
                var gather = GatherList()
                ring.fill(&gather, from: pool)
                #expect(model.bytes.starts(with: gather.bytes()))
                #expect(gather.isFull || gather.byteCount == model.bytes.count)
                guard gather.byteCount > 0 else { continue }
                let count =
                    random.happens(300)
                    ? gather.byteCount : random.number(in: 1...gather.byteCount)
                #expect(ring.sent(count, pool: &pool) == model.sent(count))
            default:
                ring.dropUnbegunLines(pool: &pool)
                model.lines = []
            }
            #expect(Int(ring.lineBytes) == model.bytes(in: .lines))
            #expect(Int(ring.controlBytes) == model.bytes(in: .control))
            #expect(ring.isEmpty == model.bytes.isEmpty)
        }
        ring.removeAll(pool: &pool)
        #expect((ring.isEmpty, ring.lineBytes, ring.controlBytes) == (true, 0, 0))
        #expect((pool.count, pool.waitingBytes) == (0, 0))
    }
}
