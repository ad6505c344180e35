import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct BudgetTests {
    private func enqueue(
        _ count: Int, for index: Int, lane: OutboundRing.Lane, _ parts: inout Parts
    ) {
        parts.outbox.enqueueBytes(
            for: index, lane: lane, in: &parts.connections, at: parts.now
        ) { $0 += [UInt8](repeating: 0, count: count) }
    }

    @Test func `the server's own chunks don't count`() {
        let parts = Parts()
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 0, limit: 0) == false)
    }

    @Test func `logs count, whether a client waits for them or not`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.keep(["one"], in: room)
        let bytes = parts.outbox.pool.bytes - parts.outbox.ownBytes
        #expect(bytes > 0)
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 0, limit: bytes - 1) == true)
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 0, limit: bytes) == false)
    }

    @Test func `contexts of compressed messages count beside them`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.keep(["one"], in: room)
        let bytes = parts.outbox.pool.bytes - parts.outbox.ownBytes + 10
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 10, limit: bytes - 1) == true)
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 10, limit: bytes) == false)
    }

    @Test func `the server's own chunk counts once for all clients that wait for it`() {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.rich) }
        let ping = parts.outbox.standing.ping
        for index in people {
            parts.outbox.enqueue(
                ping, for: index, lane: .control, in: &parts.connections, at: parts.now)
        }
        let cost = parts.outbox.pool.length(ping) + ChunkPool.overhead
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 0, limit: cost - 1) == true)
        #expect(Budget.isExceeded(parts.outbox, contextBytes: 0, limit: cost) == false)
    }

    @Test func `the clients with waiting bytes are listed, the slowest first`() {
        var parts = Parts()
        let people = (0..<6).map { _ in parts.connect(.rich) }
        let asking = parts.connect()
        enqueue(500, for: people[1], lane: .lines, &parts)
        enqueue(10, for: people[3], lane: .lines, &parts)
        enqueue(600, for: people[0], lane: .control, &parts)
        // Many small replies cost more than their bytes.
        for _ in 0..<20 { enqueue(1, for: people[4], lane: .control, &parts) }
        enqueue(9_000, for: asking, lane: .control, &parts)
        enqueue(9_000, for: people[5], lane: .lines, &parts)
        parts.end(people[5])
        #expect(
            Budget.laggards(parts.connections) == [people[4], people[0], people[1], people[3]])
    }
}
