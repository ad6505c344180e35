import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct FeederTests {
    private static let (first, second) = (RoomName("a") ?? .lobby, RoomName("b") ?? .lobby)

    private static func limits(high: Int = 10_000) -> Limits {
        var limits = Limits()
        (limits.highWatermark, limits.lowWatermark) = (high, high / 4)
        return limits
    }

    /// The parts and a feeder, without a store.
    private struct Scene: ~Copyable {
        var parts: Parts
        var feeder = Feeder()

        init(_ limits: Limits = FeederTests.limits(), compression: Bool = false) {
            parts = Parts(limits, compression: compression)
        }

        mutating func schedule(_ index: Int) {
            feeder.schedule(index, in: &parts.connections)
        }

        /// Ends a tick.
        mutating func feed() {
            var history = History(orderer: nil)
            feeder.feed(
                &parts.hub, &parts.streams, &history, &parts.connections, &parts.outbox,
                at: parts.now)
        }

        /// The numbers of the lines that the kernel took for a connection.
        func numbers(_ index: Int) -> [UInt64] {
            parts.texts(index).compactMap { text in
                text.firstMatch(of: #/"type":"message".*"seq":(\d+)/#).flatMap { UInt64($0.1) }
            }
        }

        func isBehind(_ index: Int, in room: RoomID) -> Bool {
            parts.hub.isBehind(parts.membership(index, in: room))
        }
    }

    // MARK: From the log

    @Test(arguments: [Encoding.plain, .deflated])
    func `a member gets its missing lines batch by batch until it is at the head`(
        encoding: Encoding
    ) {
        var scene = Scene(compression: true)
        let room = scene.parts.enter(scene.parts.connect(.rich, taking: encoding))
        let long = String(repeating: "all work and no play ", count: 20)
        scene.parts.keep(["1", long, "3"], in: room)
        scene.parts.keep(["4", "5"], in: room)
        let index = scene.parts.connect(.rich, taking: encoding)
        scene.parts.enter(index, last: 3)
        #expect(scene.isBehind(index, in: room) == true)
        scene.schedule(index)
        #expect(scene.feeder.isPending == true)
        scene.feed()
        #expect(scene.feeder.isPending == false)
        #expect(scene.isBehind(index, in: room) == false)
        scene.parts.flush()
        #expect(scene.numbers(index) == [3, 4, 5])
        #expect(scene.parts.outbox.linesSent == 3)
        #expect(scene.feeder.gaps == 0)
        // Only the log refers to the chunks.
        #expect(scene.parts.outbox.pool.waitingBytes == 0)
    }

    @Test func `lines of an open batch are left to the fan-out`() {
        var scene = Scene()
        let room = scene.parts.enter(scene.parts.connect(.rich))
        scene.parts.keep(["1", "2"], in: room)
        let index = scene.parts.connect(.rich)
        scene.parts.enter(index, last: 1)
        scene.parts.say("3", in: room)
        scene.schedule(index)
        scene.feed()
        #expect(scene.isBehind(index, in: room) == false)
        scene.parts.flush()
        #expect(scene.numbers(index) == [2])
    }

    @Test func `a member is fed up to the high watermark, and again below the low one`() {
        var scene = Scene()
        let room = scene.parts.enter(scene.parts.connect(.rich))
        let text = String(repeating: "x", count: 900)
        for _ in 0..<30 { scene.parts.keep([text], in: room) }
        let index = scene.parts.connect(.rich)
        scene.parts.enter(index, last: 30)
        scene.schedule(index)
        scene.feed()
        // The last one may exceed the watermark.
        let bytes = Int(scene.parts.connections[index].outbound.lineBytes)
        #expect(10_001...11_100 ~= bytes)
        #expect(scene.feeder.isPending == false)
        // Some of it has gone out. The rest is between the two watermarks.
        scene.parts.network.sendOutcomes = [.sent(4_000)]
        scene.parts.flush()
        #expect(scene.parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) == true)
        scene.schedule(index)
        scene.feed()
        #expect(Int(scene.parts.connections[index].outbound.lineBytes) == bytes - 4_000)
        scene.parts.outbox.scheduleFlush(index, in: &scene.parts.connections)
        while scene.isBehind(index, in: room) {
            scene.parts.flush()
            scene.schedule(index)
            scene.feed()
        }
        scene.parts.flush()
        #expect(scene.numbers(index) == Array(1...30))
    }

    // MARK: What is missed

    @Test func `lines that have left the log are reported as a gap`() {
        var scene = Scene()
        let room = scene.parts.enter(scene.parts.connect(.rich))
        scene.parts.keep(["1", "2"], in: room)
        let index = scene.parts.connect(.rich)
        scene.parts.enter(index, last: 1)
        scene.parts.keep(["3", "4"], in: room)
        scene.parts.streams[room].log.trim(to: 0, pool: &scene.parts.outbox.pool)
        scene.parts.keep(["5"], in: room)
        scene.schedule(index)
        scene.feed()
        scene.parts.flush()
        let texts = scene.parts.texts(index)
        #expect(
            texts.first == #"{"type":"gap","room":"lobby","from":2,"to":4,"missed":3}"#)
        #expect(scene.numbers(index) == [5])
        #expect(scene.feeder.gaps == 1)
        #expect(scene.isBehind(index, in: room) == false)
    }

    @Test func `a client of the plain dialect can't get a gap and is closed`() {
        var scene = Scene()
        let index = scene.parts.connect(.plain)
        let room = scene.parts.enter(index)
        scene.parts.hub.fellBehind(scene.parts.membership(index, in: room), cursor: 0)
        scene.parts.keep(["1"], in: room)
        scene.parts.streams[room].log.trim(to: 0, pool: &scene.parts.outbox.pool)
        scene.schedule(index)
        scene.feed()
        #expect(
            scene.parts.connections.parting.map(\.reason) == [
                .laggard("You fell behind what the room keeps in memory.")
            ])
        #expect((scene.feeder.gaps, scene.feeder.isPending) == (0, false))
        #expect(scene.parts.hub.memberCount(of: room) == 1)
    }

    // MARK: In turn

    @Test func `the rooms of a member take turns and continue where they were`() {
        var scene = Scene()
        let others = (scene.parts.connect(.rich), scene.parts.connect(.rich))
        let rooms = [
            scene.parts.enter(others.0, Self.first), scene.parts.enter(others.1, Self.second),
        ]
        let text = String(repeating: "x", count: 3_900)
        for room in rooms { for _ in 0..<6 { scene.parts.keep([text], in: room) } }
        let index = scene.parts.connect(.rich)
        scene.parts.enter(index, Self.first, last: 6)
        scene.parts.enter(index, Self.second, last: 6)
        for _ in 0..<4 {
            scene.schedule(index)
            scene.feed()
            scene.parts.flush()
        }
        let names = scene.parts.texts(index).map { $0.contains(#""room":"a""#) ? "a" : "b" }
        #expect(names.count == 12)
        // Three fit into a ring, and no room is two batches ahead of the other.
        for count in 1...12 {
            let ahead = names.prefix(count).reduce(0) { $0 + ($1 == "a" ? 1 : -1) }
            #expect(-1...1 ~= ahead)
        }
        for room in rooms { #expect(scene.isBehind(index, in: room) == false) }
    }

    @Test
    func
        `a tick feeds a limited number of bytes, and all members take turns`()
    {
        var scene = Scene(Limits())
        let room = scene.parts.enter(scene.parts.connect(.rich))
        let text = String(repeating: "x", count: 49_900)
        for _ in 0..<6 { scene.parts.keep([text], in: room) }
        let people = (0..<8).map { _ in
            let index = scene.parts.connect(.rich)
            scene.parts.enter(index, last: 6)
            return index
        }
        for index in people { scene.schedule(index) }
        var counts: [[Int]] = []
        while scene.feeder.isPending {
            let before = scene.parts.outbox.bytesSent
            scene.feed()
            scene.parts.flush()
            counts.append(people.map { scene.numbers($0).count })
            let fed = Int(scene.parts.outbox.bytesSent - before)
            #expect(fed <= Limits.feedBytesPerTick + 50_100)
        }
        #expect(
            counts == [
                [6, 6, 6, 3, 0, 0, 0, 0], [6, 6, 6, 3, 6, 6, 6, 3], [6, 6, 6, 6, 6, 6, 6, 6],
            ])
        for index in people { #expect(scene.numbers(index) == Array(1...6)) }
    }

    @Test func `a member that is gone, blocked or about to leave is skipped`() {
        var scene = Scene()
        let room = scene.parts.enter(scene.parts.connect(.rich))
        scene.parts.keep(["1"], in: room)
        let people = (0..<4).map { _ in
            let index = scene.parts.connect(.rich)
            scene.parts.enter(index, last: 1)
            return index
        }
        for index in people + people { scene.schedule(index) }
        #expect(scene.feeder.listed == 4)
        scene.parts.connections.part(people[0], .broken)
        scene.parts.connections.becameBlocked(people[1], over: &scene.parts.network)
        scene.parts.end(people[2])
        // A reused slot is fed for its new owner.
        let new = scene.parts.connect(.rich)
        #expect(new == people[2])
        scene.feed()
        scene.parts.flush()
        #expect(scene.numbers(people[3]) == [1])
        for index in people[..<3] { #expect(scene.parts.taken(index) == []) }
        #expect(scene.feeder.isPending == false)
    }
}
