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
        #expect(Budget.bytes(parts.outbox, others: 0) <= 0)
    }

    @Test func `logs count, whether a client waits for them or not`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.keep(["one"], in: room)
        let bytes = parts.outbox.pool.bytes - parts.outbox.ownBytes
        #expect(bytes > 0)
        #expect(Budget.bytes(parts.outbox, others: 0) > bytes - 1)
        #expect(Budget.bytes(parts.outbox, others: 0) <= bytes)
    }

    @Test func `contexts of compressed messages count beside them`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.keep(["one"], in: room)
        let bytes = parts.outbox.pool.bytes - parts.outbox.ownBytes + 10
        #expect(Budget.bytes(parts.outbox, others: 10) > bytes - 1)
        #expect(Budget.bytes(parts.outbox, others: 10) <= bytes)
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
        #expect(Budget.bytes(parts.outbox, others: 0) > cost - 1)
        #expect(Budget.bytes(parts.outbox, others: 0) <= cost)
    }

    @Test func `the clients with waiting bytes are listed, the one with most first`() {
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
            Budget.laggards(parts.connections, parts.hub, at: parts.now)
                == [asking, people[4], people[0], people[1], people[3]])
    }

    @Test func `clients that don't read come before those that do, however much waits for these`() {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.rich) }
        for (person, bytes) in zip(people, [100, 200, 9_000]) {
            enqueue(bytes, for: person, lane: .lines, &parts)
        }
        for person in people[..<2] {
            parts.connections.becameBlocked(person, over: &parts.network)
        }
        #expect(
            Budget.laggards(parts.connections, parts.hub, at: parts.now)
                == [people[1], people[0], people[2]])
        parts.advance(milliseconds: 2_000)
        // The kernel takes some of its bytes again.
        parts.connections[people[1]].progressed = parts.now
        #expect(
            Budget.laggards(parts.connections, parts.hub, at: parts.now)
                == [people[0], people[1], people[2]])
    }

    @Test func `what a client has sent counts, and what it takes in its rooms`() {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.rich) }
        parts.enter(people[2])
        parts.connections.keep(people[0], [UInt8](repeating: 0, count: 5_000).span)
        _ = parts.connections.keepReply(people[1], [UInt8](repeating: 0, count: 9_000))
        #expect(parts.connections.keptBytes >= 14_000)
        parts.advance(milliseconds: 2_000)
        #expect(
            Budget.laggards(parts.connections, parts.hub, at: parts.now)
                == [people[1], people[0], people[2]])
        _ = parts.connections.takeInput(people[0])
        parts.end(people[1])
        #expect(parts.connections.keptBytes == 0)
        #expect(Budget.laggards(parts.connections, parts.hub, at: parts.now) == [people[2]])
    }

    @Test func `silent are those that don't read, and not those that wait for us`() {
        var parts = Parts()
        let people = (0..<4).map { _ in parts.connect(.rich) }
        enqueue(100, for: people[0], lane: .lines, &parts)
        enqueue(200, for: people[1], lane: .lines, &parts)
        parts.connections.becameBlocked(people[1], over: &parts.network)
        parts.connections.waitForStore(people[2], .sample)
        parts.connections[people[3]].makeRare().head = [1, 2, 3]
        parts.connections.recount(people[3])
        #expect(Budget.silent(parts.connections, parts.hub, at: parts.now) == [])
        parts.advance(milliseconds: 2_000)
        #expect(
            Set(Budget.silent(parts.connections, parts.hub, at: parts.now))
                == [people[1], people[3]])
    }
}
