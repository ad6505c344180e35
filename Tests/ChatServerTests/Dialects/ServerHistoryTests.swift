import Chat
import ChatServer
import Simulation
import Testing

/// `history`, and clients that are too slow for a room: they are told what they have missed, and
/// can request it.
@Suite struct ServerHistoryTests {
    private static func ask(
        _ client: Client, _ simulation: Simulation, before: UInt64, limit: Int
    ) -> (seqs: [UInt64], more: Bool?) {
        client.askHistory(of: "lobby", before: before, limit: limit, id: "h")
        simulation.settle()
        let answer = client.events("history").last
        return (answer?.messages?.compactMap(\.seq) ?? [], answer?.more)
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `lines before a number come oldest first`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...30)
            for life in 1...2 {
                let bob = simulation.enter(as: "bob", history: 0)
                #expect(Self.ask(bob, simulation, before: 11, limit: 4) == ([7, 8, 9, 10], true))
                #expect(Self.ask(bob, simulation, before: 3, limit: 4) == ([1, 2], false))
                #expect(Self.ask(bob, simulation, before: 1, limit: 4) == ([], false))
                #expect(Self.ask(bob, simulation, before: 0, limit: 4) == ([], false))
                #expect(Self.ask(bob, simulation, before: 99, limit: 2) == ([29, 30], true))
                let messages = bob.events("history").first?.messages
                #expect(messages == Array(ann.lines[6..<10]))
                // From the store, with nothing in memory.
                guard life == 1, disk != nil else { break }
                simulation.crash()
            }
        }
    }

    @Test func `an answer larger than a page of the store is complete`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...250, bytes: 1_000)
            simulation.crash()
            let bob = simulation.enter(as: "bob", history: 0)
            let answer = Self.ask(bob, simulation, before: 241, limit: 200)
            #expect(answer == (Array(41...240), true))
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `an answer has a limit of bytes`(disk: Disk?) throws {
        try play(.generous { $0.roomLogBytes = 4 << 20 }, disk: disk) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...200, bytes: 9_000)
            // From the store, with nothing in memory.
            if disk != nil { simulation.crash() }
            let bob = simulation.enter(as: "bob", history: 0)
            let (seqs, more) = Self.ask(bob, simulation, before: 201, limit: 200)
            let first = try #require(seqs.first)
            #expect(seqs == Array(first...200))
            // With some 110 bytes around each text, they fill 1 MiB except for a line and a half.
            #expect((113...115).contains(seqs.count))
            #expect(more == true)
            let rest = Self.ask(bob, simulation, before: first, limit: 200)
            #expect(rest == (Array(1..<first), false))
        }
    }

    @Test func `deleted lines aren't in the history`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...20)
            simulation.crash()
            try #require(simulation.store).prune(.lobby, before: 8)
            let bob = simulation.enter(as: "bob", history: 0)
            #expect(Self.ask(bob, simulation, before: 11, limit: 10) == ([8, 9, 10], false))
            #expect(Self.ask(bob, simulation, before: 5, limit: 10) == ([], false))
        }
    }

    @Test func `a failed read of history is refused, and the next commands are executed`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...20)
            simulation.crash()
            let bob = simulation.enter(as: "bob", history: 0)
            try #require(simulation.store).failReads()
            bob.askHistory(of: "lobby", before: 9, limit: 3, id: "1")
            bob.askMembers(of: "lobby", id: "2")
            simulation.settle()
            try #require(simulation.store).failReads(false)
            #expect(bob.errors.map(\.code) == ["store_unavailable"])
            #expect(bob.errors.map(\.id) == ["1"])
            #expect(bob.events("members").map(\.id) == ["2"])
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `a slow client gets the exact gap, and fetches it`(disk: Disk?) throws {
        let limits = Limits.generous {
            $0.highWatermark = 2_000
            $0.lowWatermark = 500
            $0.roomLogBytes = 5_000
        }
        try play(limits, disk: disk) { simulation in
            simulation.world.sendBuffer = 1_000
            let (ann, slow) = (simulation.enter(), simulation.enter(as: "bob"))
            slow.reads = false
            simulation.say(ann, lines: 1...100, bytes: 100)
            slow.reads = true
            simulation.settle()
            simulation.say(ann, lines: 101...101)
            let gaps = slow.events("gap")
            #expect(gaps.count == 1)
            let from = try #require(gaps.first?.from)
            let through = try #require(gaps.first?.through)
            #expect(gaps.first?.missed == through - from + 1)
            #expect(slow.seqs == Array(1..<from) + Array((through + 1)...101))
            guard disk != nil else { return }
            let (missed, _) = Self.ask(
                slow, simulation, before: through + 1, limit: Int(through - from + 1))
            #expect(missed == Array(from...through))
        }
    }

    @Test func `an idle room without a store keeps some of its lines`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...500, bytes: 1_000)
            let before = simulation.inspection.roomLogBytes
            simulation.advance(seconds: 60)
            let after = simulation.inspection.roomLogBytes
            #expect(after > 0 && after <= simulation.limits.roomLogBytes / 16)
            #expect(after < before / 4)
            let late = simulation.enter(as: "bob")
            #expect(late.seqs == Array(451...500))
        }
    }

    @Test
    func `an idle room with a store keeps nothing in memory and still shows its lines`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...100)
            simulation.advance(seconds: 60)
            #expect(simulation.inspection.roomLogBytes == 0)
            let late = simulation.enter(as: "bob")
            #expect(late.seqs == Array(51...100))
        }
    }
}
