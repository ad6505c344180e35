import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct CoolingTests {
    /// Milliseconds after which a room is idle, including the clock's rounding.
    private static let idle = Limits.idleRoom + 2 * CoarseTime.step

    private func cool(_ parts: inout Parts, isStored: Bool) {
        parts.streams.cool(
            parts.hub, parts.connections, isStored: isStored, at: parts.now,
            pool: &parts.outbox.pool)
    }

    @Test func `rooms with a log are checked at intervals`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        #expect(parts.streams.warm.next == .never)
        parts.keep(["one"], in: room)
        let due = parts.now.advanced(byMilliseconds: Limits.idleRoom / 8)
        #expect(parts.streams.warm.next == due)
        parts.keep(["two"], in: room)
        #expect(parts.streams.warm.rooms == [room])
        cool(&parts, isStored: true)
        #expect(parts.streams.warm.rooms == [room])
        #expect(parts.streams[room].log.firstSeq == 1)
    }

    @Test func `the log of an idle room is dropped if its lines are stored`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.keep(["one"], in: room)
        parts.advance(milliseconds: Limits.idleRoom / 2)
        parts.keep(["two"], in: room)
        parts.advance(milliseconds: Limits.idleRoom / 2 + 2 * CoarseTime.step)
        cool(&parts, isStored: true)
        #expect(parts.streams[room].log.firstSeq == 1)
        parts.advance(milliseconds: Limits.idleRoom / 2)
        cool(&parts, isStored: true)
        #expect(parts.streams[room].log.isEmpty == true)
        #expect((parts.streams.warm.next, parts.chunks) == (.never, 0))
        // The next line puts it on the list again.
        parts.keep(["three"], in: room)
        #expect(parts.streams.warm.rooms == [room])
    }

    @Test func `a part of an idle log is kept if its lines aren't stored`() {
        var limits = Limits()
        limits.roomLogBytes = 16 * 1_000
        var parts = Parts(limits)
        let room = parts.enter(parts.connect(.rich))
        for _ in 0..<10 { parts.keep([String(repeating: "x", count: 200)], in: room) }
        parts.advance(milliseconds: Self.idle)
        cool(&parts, isStored: false)
        #expect(1...1_000 ~= parts.streams[room].log.bytes)
        #expect(parts.streams[room].log.batch(covering: 10) != nil)
        // The budget must find it.
        #expect(parts.streams.warm.rooms == [room])
    }

    @Test func `lines that a member still needs are kept`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let room = parts.enter(index)
        parts.keep(["one"], in: room)
        parts.hub.fellBehind(parts.membership(index, in: room), cursor: 0)
        parts.advance(milliseconds: Self.idle)
        cool(&parts, isStored: true)
        parts.streams.trimUnread(room, parts.hub, pool: &parts.outbox.pool)
        #expect(parts.streams.firstSeq(of: room) == 1)
        parts.hub.fed(parts.membership(index, in: room), upTo: 1, head: 1)
        parts.streams.trimUnread(room, parts.hub, pool: &parts.outbox.pool)
        #expect((parts.streams.firstSeq(of: room), parts.chunks) == (nil, 0))
    }

    @Test func `a vanished room leaves the list, and a room that reuses its number stays`() {
        var parts = Parts()
        let index = parts.connect(.rich)
        let room = parts.enter(index)
        parts.keep(["one"], in: room)
        parts.leave(index, parts.membership(index, in: room))
        #expect(parts.chunks == 0)
        parts.streams.trimUnread(room, parts.hub, pool: &parts.outbox.pool)
        let next = parts.enter(index, RoomName("next") ?? .lobby)
        #expect(next == room)
        parts.keep(["one"], in: next)
        #expect(parts.streams.warm.rooms == [room])
        parts.leave(index, parts.membership(index, in: next))
        parts.advance(milliseconds: Self.idle)
        cool(&parts, isStored: false)
        #expect(parts.streams.warm.rooms == [])
        #expect(parts.streams[room].isWarm == false)
    }
}
