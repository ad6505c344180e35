import Chat
import ChatServer
import Simulation
import Testing

/// Clients that come again and want what they have missed: all of it, or to be told that they
/// can't have it.
@Suite struct ServerResumeTests {
    private static let lobby = RoomName.lobby

    /// A room with so many lines, and a server that has just started and has none in memory.
    private static func talk(
        _ simulation: Simulation, lines: Int, bytes: Int = 0
    ) throws -> String {
        let ann = simulation.enter()
        let epoch = try #require(ann.joined?.epoch)
        for number in 1...lines {
            ann.say("\(number) " + String(repeating: "x", count: bytes), in: "lobby")
        }
        simulation.settle()
        simulation.crash()
        simulation.settle()
        return epoch
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `what was missed comes from the log, then live lines`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.say(ann, lines: 1...5)
            bob.link.reset()
            let seen = try #require(bob.progress)
            simulation.say(ann, lines: 6...9)
            let again = simulation.enter(as: "bob", after: seen)
            simulation.say(ann, lines: 10...12)
            #expect(again.joined?.recovered == true)
            #expect(again.joined?.seq == 9)
            #expect(again.seqs == Array(6...12))
            #expect(again.events("gap") == [])
        }
    }

    @Test func `what was missed comes from the store, in pages, then live lines`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 1_000)
            let bob = simulation.join()
            let again = simulation.enter(after: (epoch, 100))
            bob.say("live", as: "bob")
            simulation.settle()
            #expect(again.joined?.recovered == true)
            #expect(again.seqs == Array(101...1_001))
        }
    }

    @Test func `live lines that come while pages do are neither lost nor doubled`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 1_000)
            let bob = simulation.join()
            let again = simulation.connect()
            again.handshakeRichly()
            again.join("lobby", after: (epoch, 10))
            for number in 0..<60 {
                bob.say("\(number)", as: "bob")
                simulation.tick()
            }
            simulation.settle()
            #expect(again.seqs == Array(11...1_060))
        }
    }

    @Test func `who has missed too much is told so, and gets the last lines`() throws {
        try play(.generous { $0.resumeLines = 100 }, disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 201)
            let (some, many) = (
                simulation.enter(after: (epoch, 101)), simulation.enter(after: (epoch, 100))
            )
            #expect(some.joined?.recovered == true)
            #expect(some.seqs == Array(102...201))
            #expect(many.joined?.recovered == false)
            #expect(many.seqs == Array(152...201))
        }
    }

    @Test(arguments: [("nonsense", UInt64(3)), ("1", 9)])
    func `what the server can't know is not recovered`(epoch: String, seq: UInt64) throws {
        try play(.generous(), disk: Disk()) { simulation in
            let known = try Self.talk(simulation, lines: 5)
            #expect(known == "1")
            let again = simulation.enter(after: (epoch, seq))
            #expect(again.joined?.recovered == false)
            #expect(again.seqs == Array(1...5))
        }
    }

    @Test func `nothing missed is recovered, too`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 5)
            let again = simulation.enter(after: (epoch, 5))
            #expect(again.joined?.recovered == true)
            #expect(again.seqs == [])
        }
    }

    @Test func `lines that were given up can't be recovered`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 100)
            try #require(simulation.store).prune(Self.lobby, before: 40)
            let (one, other) = (
                simulation.enter(after: (epoch, 39)), simulation.enter(after: (epoch, 38))
            )
            #expect(one.joined?.recovered == true)
            #expect(one.seqs == Array(40...100))
            #expect(other.joined?.recovered == false)
            #expect(other.seqs == Array(51...100))
        }
    }

    @Test func `a page that was read before lines were given up promises none of them`() throws {
        try play(.generous { $0.roomLogBytes = 100 }, disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 100)
            let store = try #require(simulation.store)
            _ = simulation.enter(as: "bob", history: 0)
            store.keepSilent()
            let early = simulation.enter(after: (epoch, 10))
            store.prune(Self.lobby, before: 40)
            simulation.settle()
            store.keepSilent(false)
            simulation.settle()
            #expect(early.seqs == Array(11...100))
            let late = simulation.enter(after: (epoch, 20))
            #expect(late.joined?.recovered == false)
            #expect(late.seqs == Array(51...100))
        }
    }

    @Test func `an epoch that ended with a machine is recovered up to its end`() throws {
        try play(.generous(), disk: Disk(unsafeGroups: 10)) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...10)
            let epoch = try #require(ann.joined?.epoch)
            simulation.crashMachine(losing: 3)
            let (one, other) = (
                simulation.enter(after: (epoch, 7)), simulation.enter(after: (epoch, 8))
            )
            #expect(one.joined?.epoch != epoch)
            #expect(one.joined?.seq == 7)
            #expect(one.joined?.recovered == true)
            #expect(other.joined?.recovered == false)
            simulation.say(one, lines: 8...8)
            #expect(one.seqs == [8])
            #expect(other.seqs == Array(1...8))
        }
    }

    @Test func `lines that can't be read are named in a gap`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 10)
            let store = try #require(simulation.store)
            let bob = simulation.enter(as: "bob", history: 0)
            store.failReads()
            let again = simulation.enter(after: (epoch, 2))
            store.failReads(false)
            simulation.say(bob, lines: 11...11)
            #expect(again.joined?.recovered == true)
            #expect(again.events("gap").map(\.from) == [3])
            #expect(again.events("gap").map(\.through) == [10])
            #expect(again.seqs == [11])
        }
    }

    @Test func `who was fed from memory while its page was under way gets its gap later`() throws {
        let limits = Limits.generous {
            $0.highWatermark = 20_000
            $0.lowWatermark = 10_000
            $0.roomLogBytes = 30_000
        }
        try play(limits, disk: Disk()) { simulation in
            simulation.world.sendBuffer = 1_000
            let epoch = try Self.talk(simulation, lines: 100, bytes: 50)
            let bob = simulation.enter(as: "bob", history: 0)
            // Pages come in another order than they were asked for.
            try #require(simulation.store).faults = Self.slowReads
            let crowd = (1...20).map { number in
                let client = simulation.connect()
                client.handshakeRichly()
                client.join("lobby", after: (epoch, UInt64(number) * 4))
                return client
            }
            for _ in 0..<110 {
                simulation.advance(milliseconds: 10)
                for client in crowd { client.askMembers(of: "lobby") }
            }
            try #require(simulation.store).faults = .none
            simulation.advance(seconds: 3)
            #expect(crowd.allSatisfy { $0.seqs.last == 100 })
            for client in crowd { client.reads = false }
            simulation.say(bob, lines: 101...500, bytes: 300)
            for client in crowd { client.reads = true }
            simulation.settle()
            simulation.say(bob, lines: 501...501)
            #expect(crowd.allSatisfy { $0.events("gap").count == 1 })
            #expect(crowd.allSatisfy { $0.seqs.last == 501 })
        }
    }

    private static var slowReads: StoreFaults {
        var faults = StoreFaults()
        faults.read = 1_000
        return faults
    }

    @Test func `a thousand who come at once share reads, and nobody else waits for them`() throws {
        let limits = Limits.generous { $0.connections = 2_000 }
        try play(limits, disk: Disk()) { simulation in
            let epoch = try Self.talk(simulation, lines: 300, bytes: 50)
            let store = try #require(simulation.store)
            let bob = simulation.join()
            let crowd = (0..<1_000).map { _ in
                let client = simulation.connect()
                client.handshakeRichly()
                client.join("lobby", as: nil, after: (epoch, 10))
                return client
            }
            var (said, late) = (0, 0)
            while crowd.contains(where: { $0.lines.count < 290 + said }), said < 30 {
                bob.say("\(said)", as: "bob")
                said += 1
                simulation.tick()
                if UInt64(bob.seqs.count) + 300 != store.disk.lastSeq(of: Self.lobby) { late += 1 }
            }
            simulation.settle()
            #expect(late == 0)
            let due = Array(11...UInt64(300 + said))
            #expect(crowd.allSatisfy { $0.seqs == due })
            let reads = store.requests.count { request in
                if case .read = request { true } else { false }
            }
            #expect((1...100).contains(reads))
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `rooms of one connection that are all behind are fed in turn`(disk: Disk?) throws {
        let limits = Limits.generous {
            $0.highWatermark = 2_000
            $0.lowWatermark = 500
        }
        try play(limits, disk: disk) { simulation in
            simulation.world.sendBuffer = 1_000
            let rooms = (0..<16).map { "room-\($0)" }
            let (ann, slow) = (simulation.connectRichly(), simulation.connectRichly())
            for room in rooms {
                ann.join(room)
                slow.join(room, as: "bob")
            }
            simulation.settle()
            slow.reads = false
            for room in rooms { simulation.say(ann, lines: 1...30, in: room, bytes: 300) }
            let fed = rooms.map { slow.lines(of: $0).count }
            slow.reads = true
            slow.appetite = 1_000
            // Before one of them has all, each has got on.
            while !rooms.contains(where: { slow.lines(of: $0).last == 30 }) {
                simulation.advance(milliseconds: 10)
            }
            for (room, before) in zip(rooms, fed) {
                #expect(slow.lines(of: room).count > before)
            }
            slow.appetite = .max
            simulation.settle()
            for room in rooms { #expect(slow.lines(of: room) == Array(1...30)) }
        }
    }

    @Test func `pages of many rooms don't fill a client's ring beyond its watermark`() throws {
        let limits = Limits.generous {
            $0.highWatermark = 10_000
            $0.lowWatermark = 2_000
        }
        try play(limits, disk: Disk()) { simulation in
            let rooms = (0..<16).map { "room-\($0)" }
            let ann = simulation.connectRichly()
            for room in rooms { ann.join(room) }
            for room in rooms { simulation.say(ann, lines: 1...100, in: room, bytes: 200) }
            let epoch = try #require(ann.joined?.epoch)
            simulation.crash()
            simulation.world.sendBuffer = 1_000
            let again = simulation.connect()
            again.handshakeRichly()
            again.appetite = 4_000
            for room in rooms { again.join(room, as: "ann", after: (epoch, 1)) }
            var most = 0
            for _ in 0..<500 {
                simulation.advance(milliseconds: 1)
                most = max(most, simulation.inspection.lineBytes)
            }
            again.appetite = .max
            simulation.settle()
            for room in rooms { #expect(again.lines(of: room) == Array(2...100)) }
            // A page of 99 lines may stand on the watermark.
            #expect(most > 10_000 && most < 10_000 + 99 * 400)
        }
    }
}

extension Client {
    /// The numbers of a room's lines.
    func lines(of room: String) -> [UInt64] {
        lines.filter { $0.room == room }.compactMap(\.seq)
    }
}
