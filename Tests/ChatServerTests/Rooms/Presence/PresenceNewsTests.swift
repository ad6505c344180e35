import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct PresenceNewsTests {
    private struct Scene: ~Copyable {
        var parts: Parts
        var news: PresenceNews
        let history = History(orderer: nil)

        init(_ limits: Limits = Limits()) {
            parts = Parts(limits)
            news = PresenceNews()
        }

        mutating func enter(_ dialect: Dialect, _ name: RoomName = .lobby, as username: String)
            -> (index: Int, room: RoomID)
        {
            let index = parts.connect(dialect)
            let room = parts.enter(index, name, as: username)
            notice(room)
            return (index, room)
        }

        mutating func notice(_ room: RoomID) {
            news.notice(room, parts.hub, &parts.streams, at: parts.now)
        }

        /// Ends a tick, this many milliseconds later.
        mutating func tell(after milliseconds: UInt64 = Hub.presencePeriod) {
            parts.advance(milliseconds: milliseconds)
            if news.rooms.isDue(at: parts.now) {
                news.tell(
                    &parts.hub, &parts.streams, history, &parts.connections, &parts.outbox,
                    at: parts.clock)
            }
            parts.flush()
        }

        func told(_ index: Int) -> [String] { parts.texts(index) }
    }

    @Test func `members at the head are told once about new members`() {
        var scene = Scene()
        let (ann, _) = scene.enter(.rich, as: "ann")
        scene.tell()
        let (bob, _) = scene.enter(.rich, as: "bob")
        scene.tell()
        scene.tell()
        #expect(
            scene.told(ann) == [
                #"{"type":"presence","room":"lobby","count":2,"number":2,"#
                    + #""joined":["bob"],"left":[]}"#
            ])
        // It knew that when it joined.
        #expect(scene.told(bob) == [])
        #expect(scene.news.rooms.next == .never)
        #expect(scene.parts.chunks == 0)
    }

    @Test func `clients of the plain dialect are counted but not told`() {
        var scene = Scene()
        let (ann, _) = scene.enter(.rich, as: "ann")
        scene.tell()
        let (bob, _) = scene.enter(.plain, as: "bob")
        scene.tell()
        #expect(scene.told(ann).count == 1)
        #expect(scene.told(ann).first?.contains(#""count":2"#) == true)
        #expect(scene.told(bob) == [])
    }

    @Test func `a crowd that arrives within a second is one event`() {
        var scene = Scene()
        let (ann, _) = scene.enter(.rich, as: "ann")
        scene.tell()
        for name in ["bob", "cy", "di"] {
            _ = scene.enter(.rich, as: name)
            scene.tell(after: 100)
        }
        #expect(scene.told(ann) == [])
        scene.tell()
        #expect(scene.told(ann).count == 1)
        #expect(
            scene.told(ann).last?.contains(#""count":4,"number":2,"joined":["bob","cy","di"]"#)
                == true)
    }

    @Test func `changes that cancel out aren't reported`() {
        var scene = Scene()
        let (ann, room) = scene.enter(.rich, as: "ann")
        scene.tell()
        scene.tell()
        let (bob, _) = scene.enter(.rich, as: "bob")
        scene.parts.leave(bob, scene.parts.membership(bob, in: room))
        scene.notice(room)
        scene.tell()
        #expect(scene.told(ann) == [])
        #expect(scene.news.rooms.next == .never)
    }

    @Test
    func `a member that can't take an event falls behind and gets it when it has caught up`() {
        var limits = Limits()
        (limits.highWatermark, limits.lowWatermark) = (100, 50)
        var scene = Scene(limits)
        let (ann, room) = scene.enter(.rich, as: "ann")
        scene.tell()
        scene.parts.connections.becameBlocked(ann, over: &scene.parts.network)
        scene.parts.outbox.enqueueBytes(
            for: ann, lane: .lines, in: &scene.parts.connections, at: scene.parts.now
        ) { $0 += [UInt8](repeating: 0, count: 101) }
        _ = scene.enter(.rich, as: "bob")
        scene.parts.keep(["one"], in: room)
        scene.tell()
        let id = scene.parts.membership(ann, in: room)
        #expect(scene.parts.hub.isBehind(id) == true)
        #expect(scene.parts.hub.membership(id).cursor == 1)
        scene.parts.connections[ann].outbound.removeAll(pool: &scene.parts.outbox.pool)
        scene.parts.hub.fed(id, upTo: 1, head: 1)
        for _ in 0..<2 {
            PresenceNews.reachedHead(
                id, of: ann, &scene.parts.hub, &scene.parts.connections, &scene.parts.outbox,
                at: scene.parts.now)
        }
        #expect(scene.parts.connections.claimWritable(ann, at: CoarseTime(steps: 0)) == true)
        scene.parts.outbox.scheduleFlush(ann, in: &scene.parts.connections)
        scene.parts.flush()
        // It may ask for the names of members that came and went in the meantime.
        #expect(scene.told(ann) == [#"{"type":"presence","room":"lobby","count":2,"number":2}"#])
    }

    @Test func `a room that has vanished has no news`() {
        var scene = Scene()
        let (ann, room) = scene.enter(.rich, as: "ann")
        scene.parts.end(ann)
        scene.tell()
        #expect(scene.news.rooms.next == .never)
        #expect(scene.parts.streams[room].hasNews == false)
    }

    @Test func `a tick reports a limited number of rooms, and all take turns`() {
        var limits = Limits()
        let count = 2 * Limits.newsAtOnce + 10
        limits.connections = 2 * count
        var scene = Scene(limits)
        var people: [Int] = []
        for number in 0..<count {
            let name = RoomName("room-\(number)") ?? .lobby
            people.append(scene.enter(.rich, name, as: "ann").index)
        }
        for _ in 0..<4 { scene.tell() }
        #expect(scene.news.rooms.next == .never)
        for number in 0..<count {
            _ = scene.enter(.rich, RoomName("room-\(number)") ?? .lobby, as: "bob")
        }
        var told: [Int] = []
        for _ in 0..<4 {
            scene.tell()
            told.append(people.count { !scene.told($0).isEmpty })
        }
        let most = Limits.newsAtOnce
        #expect(told == [most, 2 * most, count, count])
        #expect(people.allSatisfy { scene.told($0).count == 1 })
    }

    @Test func `rooms that must wait don't delay other rooms`() {
        var limits = Limits()
        limits.connections = 4 * Limits.newsAtOnce
        var scene = Scene(limits)
        let names = (0...Limits.newsAtOnce).map { RoomName("room-\($0)") ?? .lobby }
        let rooms = names.map { scene.enter(.rich, $0, as: "ann").room }
        for _ in 0..<3 { scene.tell() }
        scene.parts.advance(milliseconds: 10_000)
        for name in names.dropLast() { _ = scene.enter(.rich, name, as: "bob") }
        scene.tell(after: 500)
        // All but the last were told just now. All have news again, and the last one has news.
        for name in names { _ = scene.enter(.rich, name, as: "cy") }
        scene.tell(after: 500)
        #expect(scene.parts.streams[rooms[Limits.newsAtOnce]].hasNews == true)
        // The others might be told now too, but have had their turn.
        scene.tell(after: 500)
        #expect(scene.parts.streams[rooms[Limits.newsAtOnce]].hasNews == false)
        #expect(rooms.filter { scene.parts.streams[$0].hasNews }.count == 1)
    }
}
