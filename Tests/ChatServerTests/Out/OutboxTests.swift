import Reactor
import Testing
import WebSocket

@testable import ChatServer

@Suite struct OutboxTests {
    private static let bytes: [UInt8] = [1, 2, 3, 4, 5]

    /// Sends a chunk of three lines at once to a connection of the rich dialect.
    private func sendNow(_ outcome: SendOutcome, in parts: inout Parts) -> Int {
        let index = parts.connect(.rich)
        let chunk = parts.outbox.pool.make(Self.bytes, lines: 3)
        parts.network.forgetCalls()
        parts.network.sendOutcomes = [outcome]
        parts.outbox.load(chunk)
        parts.outbox.sendNow(to: index, in: &parts.connections, over: &parts.network, at: parts.now)
        parts.outbox.unload()
        parts.outbox.pool.release(chunk)
        #expect(parts.network.offers.map(\.bytes) == [Self.bytes])
        return index
    }

    // MARK: Sent at once

    @Test func `a chunk that the kernel takes whole leaves nothing behind`() {
        var parts = Parts()
        let index = sendNow(.sent(5), in: &parts)
        #expect((parts.outbox.bytesSent, parts.outbox.linesSent) == (5, 3))
        #expect(parts.connections[index].isIdle == true)
        #expect(parts.outbox.isPending == false)
        #expect(parts.network.calls == [])
        #expect(parts.chunks == 0)
    }

    @Test func `the rest of a chunk goes out when the socket is writable`() {
        var parts = Parts()
        let index = sendNow(.sent(2), in: &parts)
        #expect((parts.outbox.bytesSent, parts.outbox.linesSent) == (2, 0))
        #expect(parts.connections[index].outbound.lineBytes == 3)
        #expect(parts.connections[index].flags == .blocked)
        #expect(parts.connections[index].interest == [.readable, .writable])
        #expect(parts.outbox.isPending == false)
        #expect(parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == true)
        parts.outbox.scheduleFlush(index, in: &parts.connections)
        parts.flush()
        #expect(parts.taken(index) == Self.bytes)
        #expect((parts.outbox.bytesSent, parts.outbox.linesSent) == (5, 3))
        #expect(parts.chunks == 0)
    }

    @Test func `a socket that takes nothing blocks`() {
        var parts = Parts()
        let index = sendNow(.wouldBlock, in: &parts)
        #expect(parts.connections[index].outbound.lineBytes == 5)
        #expect(parts.connections[index].flags == .blocked)
        #expect(parts.connections[index].interest == [.readable, .writable])
        #expect(parts.outbox.bytesSent == 0)
        parts.end(index)
        #expect(parts.chunks == 0)
    }

    @Test func `without memory the poller isn't asked, because it would answer at once`() {
        var parts = Parts()
        let index = sendNow(.exhausted, in: &parts)
        #expect(parts.connections[index].outbound.lineBytes == 5)
        #expect(parts.connections[index].flags == [.blocked, .postponed])
        #expect(parts.connections[index].interest == .readable)
        #expect(parts.connections.stepsToNext == 1)
        parts.end(index)
        #expect(parts.chunks == 0)
    }

    @Test func `a broken socket is parted and stays until then`() {
        var parts = Parts()
        let index = sendNow(ScriptedNetwork.reset, in: &parts)
        #expect(parts.connections.isServed(index) == false)
        #expect(parts.connections.sessions == 1)
        #expect(parts.connections.parting.map(\.reason) == [.broken])
        // Waiting bytes show that the socket must be reset.
        #expect(parts.connections[index].outbound.isEmpty == false)
        parts.end(index)
        #expect(parts.chunks == 0)
    }

    @Test func `one chunk goes to one connection after another`() {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.rich) }
        let chunk = parts.outbox.pool.make(Self.bytes, lines: 1)
        for index in people {
            parts.outbox.load(chunk)
            parts.outbox.sendNow(
                to: index, in: &parts.connections, over: &parts.network, at: parts.now)
        }
        parts.outbox.unload()
        parts.outbox.pool.release(chunk)
        for index in people { #expect(parts.taken(index) == Self.bytes) }
        #expect((parts.outbox.bytesSent, parts.outbox.linesSent) == (15, 3))
        // The number of a freed chunk may be reused for other bytes.
        let other = parts.outbox.pool.make([9])
        #expect(other == chunk)
        parts.outbox.load(other)
        parts.outbox.sendNow(
            to: people[0], in: &parts.connections, over: &parts.network, at: parts.now)
        parts.outbox.unload()
        #expect(parts.taken(people[0]) == Self.bytes + [9])
    }

    @Test(arguments: [SendOutcome.sent(2), .wouldBlock, .exhausted])
    func `a socket in no table is offered a chunk once`(outcome: SendOutcome) {
        var parts = Parts()
        parts.network.sendOutcomes = [outcome]
        let found = parts.outbox.offer(
            parts.outbox.standing.refusal, to: Socket(rawValue: 7), over: &parts.network)
        #expect(found == outcome)
        #expect(parts.network.offers.map(\.socket.rawValue) == [7])
        #expect(parts.network.offers.map(\.bytes) == [[2, 2]])
        #expect(parts.chunks == 0)
    }

    // MARK: What is queued

    @Test func `a frame has the payload that was written`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let texts = ["one", String(repeating: "x", count: 70_000), ""]
        for text in texts {
            parts.outbox.enqueueEvent(
                for: index, lane: .lines, in: &parts.connections, at: parts.now
            ) { $0 += Array(text.utf8) }
        }
        parts.flush()
        #expect(parts.texts(index) == texts)
        #expect(parts.chunks == 0)
        let pong = parts.outbox.frame(.pong, [7, 8].span)
        #expect(parts.outbox.pool.bytes(of: pong) == [0x8A, 2, 7, 8])
        parts.outbox.pool.release(pong)
    }

    @Test func `bytes go out as they were written`() {
        var parts = Parts()
        let index = parts.connect()
        for text in ["HTTP/1.1 200 OK\r\n", "\r\n"] {
            parts.outbox.enqueueBytes(
                for: index, lane: .control, in: &parts.connections, at: parts.now
            ) { $0 += Array(text.utf8) }
        }
        parts.flush()
        #expect(parts.taken(index) == Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
        #expect(parts.outbox.linesSent == 0)
        #expect(parts.chunks == 0)
    }

    @Test func `time runs from the first waiting byte`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        parts.advance(milliseconds: 1_000)
        let first = parts.now
        let chunk = parts.outbox.standing.ping
        parts.outbox.enqueue(chunk, for: index, lane: .lines, in: &parts.connections, at: first)
        #expect(parts.connections[index].progressed == first)
        parts.advance(milliseconds: 1_000)
        parts.outbox.enqueue(
            chunk, for: index, lane: .lines, in: &parts.connections, at: parts.now)
        #expect(parts.connections[index].progressed == first)
        parts.flush()
        #expect(parts.connections[index].progressed == parts.now)
    }
}
