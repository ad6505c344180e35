import Reactor
import Testing
import WebSocket

@testable import ChatServer

@Suite struct ConnectionsReadingTests {
    private static let later = CoarseTime(steps: 4_000)

    /// The first bytes of a masked text frame of five.
    private static let halfMessage: [UInt8] = [0x81, 0x85, 0, 0, 0, 0, 0x61]

    /// A connection that has read bytes up to the middle of a message.
    private func connectionWithinMessage(_ parts: inout Parts) throws -> Int {
        let index = parts.connect(.rich)
        var (bytes, offset) = (Self.halfMessage, 0)
        var input = bytes.mutableSpan
        let event = try parts.connections[index].session.next(
            in: &input, from: &offset, rules: FrameRules(role: .server))
        #expect(event == nil)
        return index
    }

    @Test func `kept input is taken once and in order`() {
        var parts = Parts()
        let index = parts.connect()
        #expect(parts.connections.takeInput(index) == nil)
        parts.connections.keep(index, [1, 2].span)
        parts.connections.keep(index, [3].span)
        #expect(parts.connections.takeInput(index) == [1, 2, 3])
        #expect(parts.connections.takeInput(index) == nil)
    }

    @Test func `each request to continue reading counts once`() {
        var parts = Parts()
        let (first, second) = (parts.connect(), parts.connect())
        parts.connections.resume(second)
        parts.connections.resume(first)
        let tokens = parts.connections.takeResuming(2)
        #expect(tokens.map(\.index) == [second, first])
        #expect(parts.connections.resuming == [])
        #expect(parts.connections[first].flags == [])
        #expect(parts.connections.takeResuming(0) == [])
    }

    @Test func `those that don't get their turn are first in line the next time`() {
        var parts = Parts()
        let indices = [parts.connect(), parts.connect(), parts.connect()]
        for index in indices { parts.connections.resume(index) }
        let line = parts.connections.takeResuming(2)
        #expect(line.map(\.index) == [indices[0], indices[1]])
        // The first one has more to do after its turn.
        parts.connections.resume(indices[0])
        parts.connections.resumeFirst(line[1...])
        #expect(
            parts.connections.resuming.map(\.index) == [indices[1], indices[2], indices[0]])
        #expect(parts.connections[indices[1]].flags == .resumes)
    }

    @Test func `bytes from the peer answer a ping`() {
        var parts = Parts()
        let index = parts.connect(.plain)
        parts.connections.pinged(index, at: CoarseTime(steps: 7))
        #expect(parts.connections[index].flags == .pinged)
        #expect(parts.connections[index].heard == CoarseTime(steps: 7))
        parts.connections.heard(index, at: Self.later)
        #expect(parts.connections[index].flags == [])
        #expect(parts.connections[index].heard == Self.later)
    }

    @Test func `only the time of a later head starts with its first byte`() {
        var parts = Parts()
        let index = parts.connect()
        let start = parts.connections[index].since
        parts.connections.headBegan(index, at: Self.later)
        #expect(parts.connections[index].since == start)
        parts.connections.becameIdle(index, at: start)
        parts.connections.headBegan(index, at: Self.later)
        #expect(parts.connections[index].since == Self.later)
    }

    @Test func `the time of a message starts with its first byte`() throws {
        var parts = Parts()
        let index = try connectionWithinMessage(&parts)
        parts.connections.tookFrame(index, at: Self.later)
        #expect(parts.connections[index].flags == .partial)
        #expect(parts.connections[index].since == Self.later)
        // More bytes of it don't change its start.
        parts.connections.tookFrame(index, at: CoarseTime(steps: 5_000))
        #expect(parts.connections[index].since == Self.later)
        parts.connections.tookFrame(index, at: Self.later)
        #expect(parts.connections[index].flags == .partial)
    }

    @Test func `there is no message deadline between messages`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        parts.connections.tookFrame(index, at: Self.later)
        #expect(parts.connections[index].flags == [])
        parts.connections[index].since = CoarseTime(steps: 1)
        #expect(parts.connections[index].session.isAtBoundary == true)
    }

    @Test func `a held connection continues once, and its silence starts over`() throws {
        var parts = Parts()
        let index = try connectionWithinMessage(&parts)
        parts.connections.tookFrame(index, at: CoarseTime(steps: 1))
        #expect(parts.connections.claimRelease(index, at: Self.later) == false)
        #expect(parts.connections[index].since == CoarseTime(steps: 1))
        parts.connections.hold(index)
        #expect(parts.connections.claimRelease(index, at: Self.later) == true)
        #expect(parts.connections[index].flags == .partial)
        #expect(parts.connections[index].heard == Self.later)
        #expect(parts.connections[index].since == Self.later)
        #expect(parts.connections.claimRelease(index, at: Self.later) == false)
    }

    @Test(arguments: [true, false])
    func `a throttled client is read again, and its silence counts unless we caused it`(
        wasOurs: Bool
    ) throws {
        var parts = Parts()
        let index = try connectionWithinMessage(&parts)
        parts.connections.tookFrame(index, at: CoarseTime(steps: 1))
        let heard = parts.connections[index].heard
        parts.connections.throttle(index, at: CoarseTime(steps: 0))
        parts.connections.readOn(index, wasOurs: wasOurs, at: Self.later)
        #expect(parts.connections[index].flags == .partial)
        #expect(parts.connections[index].heard == (wasOurs ? Self.later : heard))
        // In both cases the rest of the message couldn't arrive.
        #expect(parts.connections[index].since == Self.later)
    }

    @Test func `a command waits until it is taken`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let token = parts.connections.token(at: index)
        #expect(parts.connections.takeWaiting(token) == nil)
        parts.connections.waitForStore(index, .sample)
        #expect(parts.connections[index].waiting != nil)
        #expect(parts.connections.takeWaiting(token) != nil)
        #expect(parts.connections.takeWaiting(token) == nil)
        #expect(parts.connections[index].rare == nil)
    }

    @Test func `a connection that has left the chat waits for nothing`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let token = parts.connections.token(at: index)
        parts.connections.waitForStore(index, .sample)
        parts.connections.leftChat(index)
        #expect(parts.connections[index].waiting == nil)
        #expect(parts.connections.takeWaiting(token) == nil)
    }
}
