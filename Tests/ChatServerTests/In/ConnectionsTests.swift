import Reactor
import Testing
import WebSocket

@testable import ChatServer

@Suite struct ConnectionsTests {
    private static let now = CoarseTime(steps: 400)
    private static let webSocket = Connection.ChatState(dialect: .rich, encoding: .deflated)

    private static func limits(connections: Int = 10) -> Limits {
        var limits = Limits()
        limits.connections = connections
        return limits
    }

    private func accept(
        _ connections: inout Connections, _ network: inout ScriptedNetwork, socket: Int32 = 9,
        isRefused: Bool = false
    ) throws -> Token {
        try #require(
            try connections.accept(
                Socket(rawValue: socket), isRefused: isRefused, over: &network, at: Self.now))
    }

    // MARK: Coming and going

    @Test func `a connection is registered and has its first deadline`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let token = try accept(&connections, &network)
        #expect(network.calls == [.register(Socket(rawValue: 9), token, .readable)])
        #expect(connections.count == 1)
        #expect(connections.endIndex == 1)
        #expect(connections[token.index].phase == .http(.head))
        #expect(connections.isServed(token.index) == true)
        #expect(connections.stepsToNext == Int(10_000 / CoarseTime.step) + 1)
    }

    @Test func `a socket that can't be watched leaves nothing behind`() throws {
        var network = ScriptedNetwork()
        network.registerError = ScriptedNetwork.refusal
        var connections = Connections(limits: Self.limits(), now: Self.now)
        #expect(throws: ScriptedNetwork.refusal) {
            _ = try connections.accept(
                Socket(rawValue: 9), isRefused: true, over: &network, at: Self.now)
        }
        #expect((connections.count, connections.refusing) == (0, 0))
        #expect(connections.stepsToNext == nil)
        network.registerError = nil
        let token = try accept(&connections, &network)
        #expect(token.index == 0)
        #expect(connections[0].flags == [])
    }

    @Test func `a full table refuses connections without a call to the poller`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(connections: 1), now: Self.now)
        let room = 1 + Limits.refusals
        for number in 0..<room {
            _ = try accept(&connections, &network, isRefused: number > 0)
        }
        network.forgetCalls()
        let token = try connections.accept(
            Socket(rawValue: 8), isRefused: true, over: &network, at: Self.now)
        #expect(token == nil)
        #expect(network.calls == [])
        #expect((connections.count, connections.refusing) == (room, Limits.refusals))
    }

    @Test func `a reused slot knows nothing of its previous owner`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let old = try accept(&connections, &network, isRefused: true)
        connections.upgraded(old.index, to: Self.webSocket)
        connections.waitForStore(old.index, .sample)
        connections.resume(old.index)
        connections.becameBlocked(old.index, over: &network)
        #expect(connections.claimFeed(old.index) == true)
        connections.part(old.index, .broken)
        connections.leftChat(old.index)
        connections.end(old.index)
        #expect(connections.nextEnded() == old.index)
        _ = connections.remove(old.index)
        #expect((connections.blocked, connections.refusing, connections.sessions) == (0, 0, 0))
        #expect(connections.isUsed(old.index) == false)

        let new = try accept(&connections, &network, socket: 10)
        #expect(new.index == old.index)
        #expect(connections.contains(old) == false)
        #expect(connections.contains(new) == true)
        #expect(connections[new.index].flags == [])
        #expect(connections[new.index].phase == .http(.head))
        connections.upgraded(new.index, to: Self.webSocket)
        connections.waitForStore(new.index, .sample)
        connections.resume(new.index)
        connections.part(new.index, .laggard("slow"))
        #expect(connections.takeWaiting(old) == nil)
        #expect(connections.takeWaiting(new) != nil)
        // Both are on the lists, but only the new one exists.
        let resuming = connections.takeResuming(2)
        #expect(resuming == [old, new])
        #expect(connections[new.index].flags.contains(.resumes) == false)
        let parting = connections.nextParting()
        #expect(parting?.index == new.index)
        #expect(parting?.reason == .laggard("slow"))
        #expect(connections.nextParting() == nil)
        #expect(connections[new.index].flags == [])
    }

    // MARK: Lists

    @Test func `a connection that can't be served is listed once, with the first reason`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let token = try accept(&connections, &network)
        connections.part(token.index, .laggard("slow"))
        connections.part(token.index, .broken)
        #expect(connections.isServed(token.index) == false)
        #expect(connections.parting.count == 1)
        #expect(connections.nextParting()?.reason == .laggard("slow"))
        #expect(connections.isServed(token.index) == true)
        #expect(connections.nextParting() == nil)
        // It may be parted again, because what was sent to it may have failed.
        connections.part(token.index, .broken)
        #expect(connections.nextParting()?.reason == .broken)
    }

    @Test func `a connection that has ended doesn't leave again`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let (first, second) = (
            try accept(&connections, &network), try accept(&connections, &network, socket: 10)
        )
        connections.part(first.index, .broken)
        connections.end(first.index)
        connections.end(second.index)
        connections.part(second.index, .broken)
        #expect(connections.nextParting() == nil)
        #expect(connections.ending == [first.index, second.index])
        connections.end(second.index)
        #expect(connections.ending.count == 2)
    }

    @Test func `a connection that is gone doesn't leave, and its slot is unchanged`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let old = try accept(&connections, &network)
        connections.part(old.index, .broken)
        connections.end(old.index)
        while let index = connections.nextEnded() { _ = connections.remove(index) }
        #expect(connections.nextParting() == nil)
    }

    // MARK: Phases

    @Test func `content is skipped, and then another request is served`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let index = try accept(&connections, &network).index
        connections.skipsContent(index, ContentDecoder(.length(7), limit: 7))
        #expect(connections[index].phase == .http(.content))
        #expect(connections[index].rare?.content?.isComplete == false)
        let later = CoarseTime(steps: 500)
        connections.becameIdle(index, at: later)
        #expect(connections[index].phase == .http(.head))
        #expect(connections[index].since == later)
        #expect(connections[index].flags == .answered)
    }

    @Test func `a chat begins with the handshake and is over before the Close`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let index = try accept(&connections, &network).index
        #expect((connections.sessions, connections[index].isInChat) == (0, false))
        connections.upgraded(index, to: Self.webSocket)
        #expect((connections.sessions, connections[index].isInChat) == (1, true))
        #expect((connections[index].isRich, connections[index].encoding) == (true, .deflated))
        connections.leftChat(index)
        let later = CoarseTime(steps: 500)
        connections.sentClose(index, at: later)
        #expect((connections.sessions, connections[index].isInChat) == (0, false))
        // What goes out before the Close is still encoded as before.
        #expect((connections[index].isRich, connections[index].encoding) == (true, .deflated))
        #expect(connections[index].since == later)
        #expect(connections[index].session.state == .closing(startedBy: .us))
        connections.linger(index, at: later)
        #expect(connections[index].phase == .lingering)
        #expect((connections[index].isRich, connections[index].encoding) == (false, .plain))
    }

    // MARK: Deadlines

    @Test func `a deadline fires when it is due, except for ended connections`() throws {
        var network = ScriptedNetwork()
        var connections = Connections(limits: Self.limits(), now: Self.now)
        let (first, second) = (
            try accept(&connections, &network), try accept(&connections, &network, socket: 10)
        )
        let steps = connections.stepsToNext ?? 0
        let early = CoarseTime(steps: Self.now.steps + UInt32(steps) - 1)
        let due = CoarseTime(steps: early.steps + 1)
        var indices: [Int] = []
        connections.advance(to: early, due: &indices)
        #expect(indices == [])
        #expect(connections.actionDue(first.index, at: early) == nil)
        connections.end(second.index)
        connections.advance(to: due, due: &indices)
        #expect(indices.sorted() == [first.index, second.index])
        #expect(connections.actionDue(first.index, at: due) == .answerRequestTimeout)
        #expect(connections.actionDue(second.index, at: due) == nil)
    }
}
