import Chat
import ChatServer
import Simulation
import Testing

/// Many clients, or many rooms of one client, catch up at the same time.
@Suite struct ServerCatchUpTests {
    @Test func `a member fed from memory while its page was pending gets its gap later`() throws {
        let limits = Limits.generous {
            $0.highWatermark = 20_000
            $0.lowWatermark = 10_000
            $0.roomLogBytes = 30_000
        }
        try play(limits, disk: Disk()) { simulation in
            simulation.world.sendBuffer = 1_000
            let epoch = try simulation.talkAndCrash(lines: 100, bytes: 50)
            let bob = simulation.enter(as: "bob", history: 0)
            // Pages arrive in another order than they were requested.
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

    @Test func `a thousand clients that come at once share reads and delay no other`() throws {
        let limits = Limits.generous { $0.connections = 2_000 }
        try play(limits, disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 300, bytes: 50)
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
                if UInt64(bob.seqs.count) + 300 != store.disk.lastSeq(of: .lobby) { late += 1 }
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
    func `the rooms of a connection that are behind are fed in turn`(disk: Disk?) throws {
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
            // Before one room is complete, every room has made progress.
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
            // A page of 99 lines may exceed the watermark.
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
