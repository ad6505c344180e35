import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct FanOutTests {
    /// Seals a room's batch, hands it out and keeps it.
    private func deliver(
        _ texts: [String], in room: RoomID, sendsNow: Bool = true, isOnly: Bool = true,
        _ parts: inout Parts
    ) throws {
        for text in texts { parts.say(text, in: room) }
        let batch = try #require(parts.streams.seal(room, pool: &parts.outbox.pool))
        FanOut.deliver(
            batch, in: room, hasStreams: false, sendsNow: sendsNow, isOnly: isOnly, hub: &parts.hub,
            connections: &parts.connections, outbox: &parts.outbox, over: &parts.network,
            at: parts.now)
        parts.keep(batch, in: room)
        parts.streams.closeBatches(from: 0)
    }

    private static func limits(high: Int = 10_000) -> Limits {
        var limits = Limits()
        (limits.highWatermark, limits.lowWatermark) = (high, high / 4)
        return limits
    }

    @Test func `members without waiting bytes get the batch at once, in one call each`() throws {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.plain) }
        let rooms = people.map { parts.enter($0) }
        parts.network.forgetCalls()
        try deliver(["one", "two"], in: rooms[0], &parts)
        #expect(parts.network.offers.count == 3)
        #expect(parts.outbox.isPending == false)
        for index in people { #expect(parts.texts(index).count == 2) }
        #expect(parts.outbox.linesSent == 6)
        // Only the log refers to the chunk.
        #expect(parts.chunks == 1)
        #expect(parts.outbox.pool.waitingBytes == 0)
    }

    @Test func `each member gets its encoding`() throws {
        var parts = Parts(compression: true)
        let (ann, bob) = (parts.connect(.rich), parts.connect(.rich, taking: .deflated))
        let room = parts.enter(ann)
        parts.enter(bob)
        let text = String(repeating: "all work and no play ", count: 30)
        try deliver([text], in: room, &parts)
        #expect(parts.texts(ann).first?.contains(text) == true)
        #expect(parts.taken(bob).first == 0xC1)
        #expect(parts.taken(bob).count < parts.taken(ann).count / 3)
    }

    @Test func `a chunk that is freed after its fan-out isn't sent instead of the next one`()
        throws
    {
        var limits = Self.limits()
        limits.roomLogBytes = 1
        var parts = Parts(limits)
        let index = parts.connect(.plain)
        let room = parts.enter(index)
        for text in ["one", "the next one"] { try deliver([text], in: room, &parts) }
        #expect(parts.chunks == 0)
        #expect(parts.texts(index).count == 2)
        #expect(parts.texts(index).last?.contains("the next one") == true)
    }

    @Test func `in the middle of a tick the batch is queued`() throws {
        var parts = Parts()
        let index = parts.connect(.plain)
        let room = parts.enter(index)
        try deliver(["one"], in: room, sendsNow: false, &parts)
        #expect(parts.network.offers == [])
        #expect(parts.outbox.isPending == true)
        parts.flush()
        #expect(parts.texts(index).count == 1)
    }

    @Test func `a member of several rooms gets all of them in one call`() throws {
        var parts = Parts()
        let (rich, plain) = (parts.connect(.rich), parts.connect(.plain))
        let room = parts.enter(rich)
        parts.enter(plain)
        try deliver(["one"], in: room, isOnly: false, &parts)
        let socket = parts.connections[plain].socket
        #expect(parts.network.offers.map(\.socket) == [socket])
        try deliver(["two"], in: room, isOnly: false, &parts)
        parts.flush()
        #expect(parts.texts(rich).count == 2)
        #expect(parts.network.offers.count == 3)
    }

    @Test func `a member with waiting bytes gets the batch after them`() throws {
        var parts = Parts()
        let index = parts.connect(.rich)
        let room = parts.enter(index)
        parts.outbox.enqueueEvent(
            for: index, lane: .lines, in: &parts.connections, at: parts.now
        ) { $0 += Array("first".utf8) }
        try deliver(["one"], in: room, &parts)
        #expect(parts.network.offers == [])
        parts.flush()
        #expect(parts.texts(index).count == 2)
        #expect(parts.texts(index).first == "first")
    }

    @Test func `above the high watermark a member falls behind, at the line before the batch`()
        throws
    {
        var parts = Parts(Self.limits())
        let (slow, quick) = (parts.connect(.plain), parts.connect(.plain))
        let room = parts.enter(slow)
        parts.enter(quick)
        parts.connections.becameBlocked(slow, over: &parts.network)
        let text = String(repeating: "x", count: 1_000)
        // Ten lines with their frames exceed the watermark, nine don't.
        for number in 1...12 {
            try deliver([text], in: room, &parts)
            let isBehind = parts.hub.isBehind(parts.membership(slow, in: room))
            #expect(isBehind == (number > 10))
        }
        #expect(parts.texts(quick).count == 12)
        #expect(parts.hub.membership(parts.membership(slow, in: room)).cursor == 10)
        #expect(parts.hub.headCount(of: room) == 1)
        #expect(parts.hub.memberCount(of: room) == 2)
        #expect(parts.connections[slow].outbound.lineBytes < 12_000)
    }

    @Test(arguments: [0, 2, 4])
    func `a failed send removes no member from the room, and all others are served`(
        place: Int
    ) throws {
        var parts = Parts()
        let people = (0..<5).map { _ in parts.connect(.plain) }
        let rooms = people.map { parts.enter($0) }
        let seats = parts.hub.seats(of: rooms[0]).map(\.member.index)
        let broken = seats[place]
        parts.network.sendOutcomes = [.wouldBlock, .sent(5), .exhausted, .wouldBlock, .sent(1)]
        parts.network.sendOutcomes[place] = ScriptedNetwork.reset
        try deliver(["one"], in: rooms[0], &parts)
        #expect(parts.network.offers.count == 5)
        #expect(parts.hub.memberCount(of: rooms[0]) == 5)
        #expect(parts.hub.headCount(of: rooms[0]) == 5)
        #expect(parts.connections.parting.map(\.token.index) == [broken])
        #expect((parts.connections.count, parts.connections.sessions) == (5, 5))
        // The next batch still counts the member, but doesn't reach its socket.
        parts.network.forgetCalls()
        try deliver(["two"], in: rooms[0], &parts)
        #expect(parts.network.offers == [])
        for index in people { parts.end(index) }
        #expect(parts.chunks == 0)
    }

    @Test func `a failed poller removes no member from the room`() throws {
        var parts = Parts()
        let people = (0..<3).map { _ in parts.connect(.plain) }
        let rooms = people.map { parts.enter($0) }
        parts.network.sendOutcomes = [.wouldBlock, .wouldBlock, .wouldBlock]
        parts.network.changeError = ScriptedNetwork.refusal
        try deliver(["one"], in: rooms[0], &parts)
        #expect(parts.hub.memberCount(of: rooms[0]) == 3)
        #expect(parts.connections.parting.count == 3)
        for index in people { parts.end(index) }
        #expect(parts.chunks == 0)
    }
}
