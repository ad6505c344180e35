import Reactor
import Simulation
import TestSupport
import Testing

@testable import ChatServer

@Suite struct OutboxFlushTests {
    private func enqueue(
        _ bytes: [UInt8], for index: Int, lane: OutboundRing.Lane = .lines, lines: Int = 0,
        in parts: inout Parts
    ) {
        let chunk = parts.outbox.pool.make(bytes, lines: lines)
        parts.outbox.enqueue(chunk, for: index, lane: lane, in: &parts.connections, at: parts.now)
        parts.outbox.pool.release(chunk)
    }

    @Test func `a connection is flushed in one call, however much was queued`() {
        var parts = Parts()
        let (ann, bob) = (parts.connect(.rich), parts.connect(.rich))
        #expect(parts.outbox.isPending == false)
        for byte in 1...3 as ClosedRange<UInt8> { enqueue([byte], for: ann, in: &parts) }
        enqueue([9], for: bob, in: &parts)
        #expect(parts.outbox.isPending == true)
        parts.outbox.flush(&parts.connections, over: &parts.network, at: parts.now)
        #expect(parts.network.offers.map(\.bytes) == [[1, 2, 3], [9]])
        #expect(parts.outbox.flushed == [ann, bob])
        parts.outbox.forgetFlushed()
        #expect(parts.outbox.flushed == [])
        #expect(parts.outbox.isPending == false)
        #expect(parts.chunks == 0)
    }

    @Test func `control overtakes lines, except one that was begun`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        enqueue([1, 1, 1], for: index, in: &parts)
        enqueue([2], for: index, in: &parts)
        enqueue([8], for: index, lane: .control, in: &parts)
        parts.network.sendOutcomes = [.sent(2)]
        parts.flush()
        #expect(parts.taken(index) == [8, 1])
        enqueue([9], for: index, lane: .control, in: &parts)
        // It is blocked, and waits for the poller.
        #expect(parts.outbox.isPending == false)
        #expect(parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == true)
        parts.outbox.scheduleFlush(index, in: &parts.connections)
        parts.flush()
        #expect(parts.taken(index) == [8, 1, 1, 1, 9, 2])
        #expect(parts.chunks == 0)
    }

    @Test func `bytes beyond one call go out with the next tick`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let bytes = (0..<150).map { UInt8($0) }
        for byte in bytes { enqueue([byte], for: index, lines: 1, in: &parts) }
        var calls = 0
        while parts.outbox.isPending {
            parts.flush()
            calls += 1
            #expect(parts.connections[index].flags.contains(.blocked) == false)
        }
        #expect(calls == 3)
        #expect(parts.network.offers.map(\.bytes.count) == [64, 64, 22])
        #expect(parts.taken(index) == bytes)
        #expect(parts.outbox.linesSent == 150)
    }

    @Test func `a connection that is gone or can't be served is skipped`() {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.rich) }
        for index in people { enqueue([1], for: index, in: &parts) }
        parts.connections.part(people[0], .broken)
        parts.end(people[1])
        let socket = parts.connections[people[2]].socket
        parts.flush()
        #expect(parts.network.offers.map(\.socket) == [socket])
        // The slot is reused while it is in no list.
        let new = parts.connect(.rich)
        #expect(new == people[1])
        enqueue([2], for: new, in: &parts)
        parts.flush()
        #expect(parts.taken(new) == [2])
    }

    @Test func `a slot that is reused while its previous owner is listed is flushed once`() {
        var parts = Parts()
        let old = parts.connect(.rich)
        enqueue([1], for: old, in: &parts)
        parts.end(old)
        let new = parts.connect(.rich)
        #expect(new == old)
        enqueue([2], for: new, in: &parts)
        parts.flush()
        #expect(parts.network.offers.map(\.bytes) == [[2]])
        #expect(parts.chunks == 0)
    }

    @Test func `a connection without bytes is drained, and nothing is sent to it`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        parts.outbox.scheduleFlush(index, in: &parts.connections)
        parts.outbox.flush(&parts.connections, over: &parts.network, at: parts.now)
        #expect(parts.network.offers == [])
        #expect(parts.outbox.flushed == [index])
    }

    @Test(arguments: [SendOutcome.wouldBlock, .exhausted, ScriptedNetwork.reset])
    func `bytes that the kernel refuses keep waiting`(outcome: SendOutcome) {
        var parts = Parts()
        let index = parts.connect(.rich)
        enqueue([1, 2], for: index, lines: 1, in: &parts)
        parts.network.sendOutcomes = [outcome]
        parts.flush()
        #expect(parts.connections[index].outbound.lineBytes == 2)
        #expect((parts.outbox.bytesSent, parts.outbox.linesSent) == (0, 0))
        #expect(parts.outbox.isPending == false)
        #expect(parts.connections.isServed(index) == (outcome != ScriptedNetwork.reset))
        parts.end(index)
        #expect(parts.chunks == 0)
    }

    /// Whatever the kernel does, each connection gets its bytes in order, the sums are those of the
    /// bytes taken, and nothing is left over.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `every byte is delivered and counted`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var parts = Parts()
        let people = (0..<4).map { _ in parts.connect(.rich) }
        var expected = [[UInt8]](repeating: [], count: people.count)
        var (bytes, lines) = (0, 0)
        for round in 0..<200 {
            let isOver = round >= 190
            for place in people.indices where !isOver && random.happens(400) {
                let chunk = (0..<random.number(in: 1...40)).map { UInt8($0 + place * 50) }
                let count = random.number(in: 0...3)
                enqueue(chunk, for: people[place], lines: count, in: &parts)
                expected[place] += chunk
                bytes += chunk.count
                lines += count
            }
            for index in people where isOver || random.happens(500) {
                let isWritable = parts.connections.claimWritable(index, at: CoarseTime(steps: 0))
                if isWritable { parts.outbox.scheduleFlush(index, in: &parts.connections) }
            }
            parts.network.sendOutcomes =
                isOver
                ? []
                : (0..<people.count).map { _ in
                    switch random.number(in: 1...5) {
                    case 1: .wouldBlock
                    case 2: .exhausted
                    default: .sent(1)
                    }
                }
            parts.flush()
            let taken = people.map { parts.taken($0).count }
            #expect(parts.outbox.bytesSent == taken.reduce(0) { $0 + UInt64($1) })
        }
        #expect(people.map { parts.taken($0) } == expected)
        #expect((parts.outbox.bytesSent, parts.outbox.linesSent) == (UInt64(bytes), UInt64(lines)))
        #expect((parts.chunks, parts.outbox.pool.waitingBytes) == (0, 0))
    }
}
