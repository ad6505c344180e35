import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// Answers to `history` that are made in pieces, as their clients take them.
@Suite struct ServerHistoryPiecesTests {
    /// Bytes that a client may have waiting: a piece, with one line more, and other events.
    private static let piece = 131_072 + 6_000

    /// Plays a scene in a lobby with 200 lines of 5 kB, which are more than fit into an answer.
    private func play(
        disk: Disk?, budget: Int = 1 << 30, _ scene: (Simulation, Client) throws -> Void
    ) throws {
        let limits = Limits.generous {
            $0.roomLogBytes = 2 << 20
            $0.bufferBudget = budget
        }
        try ChatServerTests.play(limits, disk: disk) { simulation in
            simulation.say(simulation.enter(), lines: 1...200, bytes: 5_000)
            // From the store, with nothing in memory.
            if disk != nil { simulation.crash() }
            simulation.world.sendBuffer = 1_000
            try scene(simulation, simulation.enter())
        }
    }

    /// A client that has asked for the whole history and doesn't read the answer.
    private func ask(_ simulation: Simulation, limit: Int = 200) -> Client {
        let client = simulation.enter(as: "bob", history: 0)
        client.reads = false
        client.askHistory(of: "lobby", before: 201, limit: limit, id: "h")
        simulation.settle()
        return client
    }

    private func seqs(_ client: Client) -> [UInt64] {
        client.events("history").last?.messages?.compactMap(\.seq) ?? []
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `an answer is one message, and one piece waits at a time`(disk: Disk?) throws {
        try play(disk: disk) { simulation, _ in
            let bob = ask(simulation)
            bob.reads = true
            bob.appetite = 50_000
            var most = 0
            while bob.events("history").isEmpty {
                simulation.advance(milliseconds: 1)
                most = max(most, simulation.inspection.lineBytes)
            }
            #expect(most > 60_000 && most < Self.piece)
            #expect(seqs(bob) == Array(1...200))
            #expect(bob.events("history").map(\.more) == [false])
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `lines, acks and refusals that come in the meantime follow the answer`(disk: Disk?) throws
    {
        try play(disk: disk) { simulation, ann in
            let bob = simulation.enter(as: "bob", history: 0)
            bob.reads = false
            bob.say("mine", in: "lobby", id: "x")
            bob.askHistory(of: "lobby", before: 201, limit: 200, id: "h")
            bob.askMembers(of: "lobby", id: "m")
            simulation.settle()
            simulation.say(ann, lines: 300...310)
            simulation.advance(seconds: 3)
            bob.reads = true
            simulation.settle()
            #expect(seqs(bob) == Array(1...200))
            #expect(bob.seqs == Array(201...212))
            #expect(bob.events("ack").map(\.id) == ["x"])
            #expect(bob.events("members").map(\.id) == ["m"])
            #expect(bob.errors.isEmpty && bob.events("gap").isEmpty)
        }
    }

    @Test func `clients that ask and don't read are no reason to end the others`() throws {
        let budget = 4 << 20
        try play(disk: Disk(), budget: budget) { simulation, ann in
            // All their answers together are more than the budget.
            let crowd = (0..<20).map { _ in ask(simulation) }
            let readers = (0..<5).map { _ in ask(simulation) }
            for reader in readers { reader.reads = true }
            simulation.settle()
            #expect(simulation.inspection.accountedBytes <= budget)
            #expect(simulation.metrics.closes == [:])
            #expect(readers.allSatisfy { seqs($0) == Array(1...200) })
            for client in crowd { client.reads = true }
            simulation.settle()
            #expect(crowd.allSatisfy { seqs($0) == Array(1...200) })
            simulation.say(ann, lines: 201...201)
            #expect((crowd + readers).allSatisfy { $0.seqs == [201] })
        }
    }

    @Test func `past the budget those that don't read are reset, and nothing of them is left`()
        throws
    {
        let budget = 3 << 20
        try play(disk: Disk(), budget: budget) { simulation, ann in
            let readers = (0..<5).map { _ in ask(simulation) }
            for reader in readers {
                reader.reads = true
                reader.appetite = 20_000
            }
            let crowd = (0..<40).map { _ in ask(simulation) }
            var most = 0
            for _ in 0..<3_000 {
                simulation.advance(milliseconds: 1)
                most = max(most, simulation.inspection.accountedBytes)
            }
            #expect(most <= budget)
            #expect(crowd.contains { $0.link.isReset })
            for client in readers + [ann] { client.appetite = .max }
            simulation.settle()
            for reader in readers {
                #expect(seqs(reader).count == 200)
                #expect(reader.ending == nil)
            }
            simulation.advance(seconds: 30)
            #expect(simulation.inspection.waitingBytes == 0)
            #expect(simulation.connectionCount == 6)
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `logs that take most of the budget keep no answer waiting`(disk: Disk?) throws {
        let budget = 4 << 20
        let limits = Limits.generous {
            $0.roomLogBytes = budget
            $0.bufferBudget = budget
        }
        try ChatServerTests.play(limits, disk: disk) { simulation in
            simulation.say(simulation.enter(), lines: 1...650, bytes: 5_000)
            #expect(simulation.inspection.accountedBytes > budget / 4 * 3)
            let bob = simulation.enter(as: "bob", history: 0)
            bob.askHistory(of: "lobby", before: 651, limit: 200, id: "h")
            simulation.advance(seconds: 1)
            #expect(bob.events("history").count == 1)
            #expect(disk == nil || seqs(bob) == Array(451...650))
        }
    }

    @Test func `a server that stops cuts off a client in the middle of its answer`() throws {
        try play(disk: nil) { simulation, _ in
            let bob = ask(simulation)
            simulation.world.raise(15)
            simulation.settle()
            simulation.advance(seconds: 2)
            bob.reads = true
            simulation.settle()
            #expect(bob.ending == .reset)
            #expect(bob.closeCode == nil && bob.events("history").isEmpty)
        }
    }

    @Test func `a store that can't be read any more ends an answer that was begun`() throws {
        try play(disk: Disk()) { simulation, _ in
            let bob = ask(simulation)
            try #require(simulation.store).failReads()
            bob.reads = true
            simulation.settle()
            try #require(simulation.store).failReads(false)
            #expect(bob.closeCode == nil && bob.ending != nil)
            #expect(bob.events("history").isEmpty && bob.errors.isEmpty)
            #expect(simulation.metrics.closes == [1013: 1])
        }
    }

    /// One piece is on its way, like a frame that is half sent.
    @Test(arguments: [[1], [150], [1, 2, 3, 4], Array(30...199), Array(1...200)] as [[UInt64]])
    func `deleted lines are missing in the pieces that aren't made yet`(deleted: [UInt64]) throws {
        for hasBegun in [false, true] {
            let servers = try Servers(1, limits: .generous { $0.roomLogBytes = 2 << 20 })
            let speaker = servers[0].join()
            for number in 1...200 {
                speaker.say("\(number) " + String(repeating: "x", count: 3_000))
                servers.settle()
            }
            servers[0].world.sendBuffer = hasBegun ? 1_000 : 200_000
            let bob = servers[0].enter(as: "bob", history: 0)
            servers.settle()
            bob.reads = false
            if !hasBegun {
                // The kernel is full of lines, so that nothing of the answer is begun.
                for number in 1...100 {
                    speaker.say("\(number) " + String(repeating: "y", count: 3_000))
                    servers.settle()
                }
            }
            bob.askHistory(of: "lobby", before: 201, limit: 200, id: "h")
            servers.settle()
            servers.orderer.delete(seqs: deleted, in: .lobby)
            servers.settle()
            bob.reads = true
            servers.settle()
            let left = (1...200).filter { !deleted.contains($0) }
            let told = seqs(bob)
            #expect(Set(told).isSuperset(of: left) && told == told.sorted())
            #expect(told.allSatisfy { !deleted.contains($0) || $0 < 50 })
            #expect(told.count < 200 || deleted.max() == 1 || deleted.max() == 4)
            #expect(bob.events("history").count == 1)
            #expect(servers.violations == [])
        }
    }
}
