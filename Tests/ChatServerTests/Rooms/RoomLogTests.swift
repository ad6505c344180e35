import Reactor
import TestSupport
import Testing

@testable import ChatServer

@Suite struct RoomLogTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `it finds what it keeps, which is as much as it may`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pool = ChunkPool()
        var log = RoomLog()
        var model: [(chunk: ChunkID, seqs: ClosedRange<UInt64>)] = []
        let budget = random.number(in: 100...20_000)
        var last: UInt64 = 0
        for _ in 0..<300 {
            let seqs = last + 1...last + UInt64(random.number(in: 1...5))
            last = seqs.upperBound
            let chunk = pool.make([UInt8](repeating: 0, count: random.number(in: 1...200)))
            let lines = EncodedLines(plain: chunk, deflated: chunk)
            log.append(lines, seqs: seqs, at: CoarseTime(steps: 0), budget: budget, pool: &pool)
            model.append((chunk, seqs))
            model.removeFirst(model.count - pool.count)
            #expect(log.bytes <= budget)
            #expect(log.isEmpty == model.isEmpty)
            let oldest = model.first?.seqs.lowerBound ?? last + 1
            for seq in max(oldest, 3) - 2...last + 1 {
                let entry = log.entry(holding: seq)
                let expected = model.first { $0.seqs.contains(seq) }
                #expect(entry?.lines.plain == expected?.chunk)
                #expect((entry.map { $0.firstSeq...$0.lastSeq }) == expected?.seqs)
            }
        }
        log.trim(to: 0, pool: &pool)
        #expect((log.isEmpty, log.bytes, pool.count) == (true, 0, 0))
    }

    @Test func `only what doesn't fit is let go`() {
        var pool = ChunkPool()
        var log = RoomLog()
        log.append(one(&pool), seqs: 1...1, at: CoarseTime(steps: 0), budget: .max, pool: &pool)
        let budget = 3 * log.bytes
        for seq in 2...3 as ClosedRange<UInt64> {
            log.append(
                one(&pool), seqs: seq...seq, at: CoarseTime(steps: 0), budget: budget, pool: &pool)
        }
        #expect(log.bytes == budget)
        #expect(log.entry(holding: 1) != nil)
        log.append(one(&pool), seqs: 4...4, at: CoarseTime(steps: 0), budget: budget, pool: &pool)
        #expect(log.entry(holding: 1) == nil)
        #expect(log.entry(holding: 2) != nil)
    }

    @Test func `two encodings count for both, one for once`() {
        var pool = ChunkPool()
        let same = one(&pool)
        let (plain, deflated) = (pool.make([1, 2, 3]), pool.make([4]))
        let both = EncodedLines(plain: plain, deflated: deflated)
        #expect(pool.cost(same) == 1 + ChunkPool.overhead)
        #expect(pool.cost(both) == 3 + 1 + 2 * ChunkPool.overhead)
        var log = RoomLog()
        log.append(same, seqs: 1...1, at: CoarseTime(steps: 0), budget: .max, pool: &pool)
        log.append(both, seqs: 2...2, at: CoarseTime(steps: 0), budget: .max, pool: &pool)
        log.trim(to: 0, pool: &pool)
        #expect(pool.count == 0)
    }

    @Test func `older lines are put in front, if there is room for them`() {
        var pool = ChunkPool()
        var log = RoomLog()
        log.append(one(&pool), seqs: 11...12, at: CoarseTime(steps: 0), budget: .max, pool: &pool)
        let budget = 2 * log.bytes
        let older = one(&pool)
        let isKept = log.prepend(older, seqs: 8...10, budget: budget, pool: pool)
        #expect(isKept)
        #expect(log.firstSeq == 8)
        #expect(log.entry(holding: 9)?.firstSeq == 8)
        #expect(log.entry(holding: 11)?.firstSeq == 11)
        let surplus = one(&pool)
        let isSurplusKept = log.prepend(surplus, seqs: 7...7, budget: budget, pool: pool)
        #expect(!isSurplusKept)
        pool.release(surplus)
        // The next line lets go of what was put in front.
        log.append(one(&pool), seqs: 13...13, at: CoarseTime(steps: 0), budget: budget, pool: &pool)
        #expect(log.firstSeq == 11)
        #expect(log.entry(holding: 10) == nil)
        log.trim(to: 0, pool: &pool)
        #expect((log.isEmpty, log.bytes, pool.count) == (true, 0, 0))
    }

    private func one(_ pool: inout ChunkPool) -> EncodedLines {
        let chunk = pool.make([1])
        return EncodedLines(plain: chunk, deflated: chunk)
    }
}
