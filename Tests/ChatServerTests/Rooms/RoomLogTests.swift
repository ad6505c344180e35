import Reactor
import TestSupport
import Testing

@testable import ChatServer

@Suite struct RoomLogTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a log finds its lines and keeps as many as allowed`(seed: UInt64) {
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
            let batch = SealedBatch(
                chunks: EncodedChunks(chunk), firstSeq: seqs.lowerBound,
                lastSeq: seqs.upperBound)
            log.append(batch, at: CoarseTime(steps: 0), pool: pool)
            log.trim(to: budget, pool: &pool)
            model.append((chunk, seqs))
            model.removeFirst(model.count - pool.count)
            #expect(log.bytes <= budget)
            #expect(log.isEmpty == model.isEmpty)
            let oldest = model.first?.seqs.lowerBound ?? last + 1
            for seq in max(oldest, 3) - 2...last + 1 {
                let found = log.batch(covering: seq)
                let expected = model.first { $0.seqs.contains(seq) }
                #expect(found?.chunks.plain == expected?.chunk)
                #expect((found.map { $0.firstSeq...$0.lastSeq }) == expected?.seqs)
            }
        }
        log.trim(to: 0, pool: &pool)
        #expect((log.isEmpty, log.bytes, pool.count) == (true, 0, 0))
    }

    @Test func `only lines that don't fit are dropped`() {
        var pool = ChunkPool()
        var log = RoomLog()
        append(one(1...1, &pool), to: &log, budget: .max, &pool)
        let budget = 3 * log.bytes
        for seq in 2...3 as ClosedRange<UInt64> {
            append(one(seq...seq, &pool), to: &log, budget: budget, &pool)
        }
        #expect(log.bytes == budget)
        #expect(log.batch(covering: 1) != nil)
        append(one(4...4, &pool), to: &log, budget: budget, &pool)
        #expect(log.batch(covering: 1) == nil)
        #expect(log.batch(covering: 2) != nil)
    }

    @Test func `two encodings count twice, one counts once`() {
        var pool = ChunkPool()
        let same = one(1...1, &pool)
        let (plain, deflated) = (pool.make([1, 2, 3]), pool.make([4]))
        let both = SealedBatch(
            chunks: EncodedChunks(plain: plain, deflated: deflated), firstSeq: 2, lastSeq: 2)
        #expect(pool.cost(same.chunks) == 1 + ChunkPool.overhead)
        #expect(pool.cost(both.chunks) == 3 + 1 + 2 * ChunkPool.overhead)
        var log = RoomLog()
        append(same, to: &log, budget: .max, &pool)
        append(both, to: &log, budget: .max, &pool)
        log.trim(to: 0, pool: &pool)
        #expect(pool.count == 0)
    }

    @Test func `older lines are prepended if there is room for them`() {
        var pool = ChunkPool()
        var log = RoomLog()
        append(one(11...12, &pool), to: &log, budget: .max, &pool)
        let budget = 2 * log.bytes
        let older = one(8...10, &pool)
        let isKept = log.prepend(older, at: CoarseTime(steps: 0), budget: budget, pool: pool)
        #expect(isKept)
        #expect(log.firstSeq == 8)
        #expect(log.batch(covering: 9)?.firstSeq == 8)
        #expect(log.batch(covering: 11)?.firstSeq == 11)
        let surplus = one(7...7, &pool)
        let isSurplusKept = log.prepend(
            surplus, at: CoarseTime(steps: 0), budget: budget, pool: pool)
        #expect(!isSurplusKept)
        pool.release(surplus.chunks)
        // The next line drops what was prepended.
        append(one(13...13, &pool), to: &log, budget: budget, &pool)
        #expect(log.firstSeq == 11)
        #expect(log.batch(covering: 10) == nil)
        log.trim(to: 0, pool: &pool)
        #expect((log.isEmpty, log.bytes, pool.count) == (true, 0, 0))
    }

    @Test func `what is still needed stays, whatever the budget is`() {
        var pool = ChunkPool()
        var log = RoomLog()
        for seq in 1...9 as ClosedRange<UInt64> {
            append(one(seq * 2 - 1...seq * 2, &pool), to: &log, budget: .max, &pool)
        }
        let each = log.bytes / 9
        log.trim(to: 2 * each, keepingFrom: 6, pool: &pool)
        #expect(log.firstSeq == 5)
        #expect(log.bytes == 7 * each)
        log.trim(to: 3 * each, keepingFrom: 100, pool: &pool)
        #expect(log.firstSeq == 13)
        log.trim(to: 0, pool: &pool)
        #expect(pool.count == 0)
    }

    private func append(
        _ batch: SealedBatch, to log: inout RoomLog, budget: Int, _ pool: inout ChunkPool
    ) {
        log.append(batch, at: CoarseTime(steps: 0), pool: pool)
        log.trim(to: budget, pool: &pool)
    }

    private func one(_ seqs: ClosedRange<UInt64>, _ pool: inout ChunkPool) -> SealedBatch {
        SealedBatch(
            chunks: EncodedChunks(pool.make([1])), firstSeq: seqs.lowerBound,
            lastSeq: seqs.upperBound)
    }
}
