import Reactor
import Testing

@testable import ChatServer

@Suite struct ChunkPoolTests {
    @Test func `a chunk lives as long as there is a reference to it`() {
        var pool = ChunkPool()
        let chunk = pool.make([1, 2, 3], lines: 2)
        #expect((pool.length(chunk), pool.lines(chunk), pool.count) == (3, 2, 1))
        pool.wait(chunk)
        pool.release(chunk)
        #expect(pool.count == 1)
        pool.endWait(chunk)
        #expect(pool.count == 0)
        let next = pool.make([4])
        #expect(next == chunk)
        #expect(pool.length(next) == 1)
    }

    @Test func `a chunk may have any bytes`() {
        var pool = ChunkPool()
        for bytes in [[1, 2, 3], []] as [[UInt8]] {
            let chunk = pool.make(bytes.span)
            #expect(pool.bytes(of: chunk) == bytes)
            pool.release(chunk)
        }
        #expect(pool.count == 0)
    }

    @Test func `bytes that wait for many clients count once`() {
        var pool = ChunkPool()
        let (first, second) = (pool.make([1, 2, 3]), pool.make([]))
        for _ in 0..<5 { pool.wait(first) }
        #expect(pool.waitingBytes == 3 + ChunkPool.overhead)
        pool.wait(second)
        #expect(pool.waitingBytes == 3 + 2 * ChunkPool.overhead)
        for _ in 0..<5 { pool.endWait(first) }
        #expect(pool.waitingBytes == ChunkPool.overhead)
        pool.endWait(second)
        #expect(pool.waitingBytes == 0)
        #expect(pool.count == 2)
    }

    @Test func `a pool holds any number of chunks, each with its own bytes`() {
        var pool = ChunkPool()
        let chunks = (0..<1_000).map { pool.make([UInt8($0 % 256), UInt8($0 / 256)]) }
        #expect(pool.count == 1_000)
        for (number, chunk) in chunks.enumerated() {
            var gather = GatherList()
            pool.append(chunk, from: 1, to: &gather)
            #expect(gather.bytes() == [UInt8(number / 256)])
            pool.release(chunk)
        }
        #expect(pool.count == 0)
    }
}
