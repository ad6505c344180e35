import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// The server dies between accepting a line, storing it and delivering it, or is told to stop.
@Suite struct ServerCrashTests {
    private static let termination: Int32 = 15

    /// The progress of a line.
    enum Point: CaseIterable {
        case taken
        case stored
        case delivered
    }

    @Test(arguments: Point.allCases)
    func `a line is said once, whenever the server dies`(point: Point) throws {
        try play(.generous(), disk: Disk()) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.say(ann, lines: 1...3)
            let store = try #require(simulation.store)
            switch point {
            case .taken: store.hang()
            case .stored: store.keepSilent()
            case .delivered: break
            }
            ann.say("4", in: "lobby", id: "x")
            switch point {
            case .taken, .stored: simulation.settle()
            case .delivered:
                // It is sent, but not yet read.
                while store.disk.lastSeq(of: .lobby) < 4 { simulation.tickServer(polling: ann) }
            }
            #expect(store.disk.lastSeq(of: .lobby) == (point == .taken ? 3 : 4))
            let (annSeen, bobSeen) = (try #require(ann.progress), try #require(bob.progress))
            simulation.crash()
            #expect(ann.events("ack") == [])
            let bobAgain = simulation.enter(as: "bob", after: bobSeen)
            let annAgain = simulation.enter(as: "ann", after: annSeen)
            annAgain.say("4", in: "lobby", id: "x")
            simulation.settle()
            #expect(annAgain.joined?.epoch == annSeen.epoch)
            #expect(annAgain.joined?.recovered == true && bobAgain.joined?.recovered == true)
            #expect(annAgain.events("ack").map(\.seq) == [4])
            #expect(annAgain.seqs == [4] && bobAgain.seqs == [4])
            let texts = simulation.store?.disk.lines(of: .lobby).map(\.message)
            #expect(texts == ["1 ", "2 ", "3 ", "4"])
        }
    }

    @Test func `lines accepted before a signal are stored and delivered first`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let (ann, bob) = (simulation.enter(), simulation.join())
            store.hang()
            ann.say("1", in: "lobby", id: "x")
            simulation.settle()
            simulation.world.raise(Self.termination)
            simulation.settle()
            #expect(ann.closeCode == nil)
            ann.say("2", in: "lobby", id: "y")
            simulation.settle()
            store.hang(false)
            simulation.settle()
            #expect(ann.events("ack").map(\.id) == ["x"])
            #expect(ann.seqs == [1] && bob.seqs == [1])
            #expect(ann.closeCode == .goingAway && bob.closeCode == .goingAway)
            #expect(ann.types.last == "closing")
            #expect(simulation.life == .ended)
            simulation.startAgain()
            let again = simulation.enter(after: ann.progress)
            again.say("2", in: "lobby", id: "y")
            simulation.settle()
            #expect(again.joined?.recovered == true)
            #expect(again.events("ack").map(\.seq) == [2])
        }
    }

    @Test func `a hanging store doesn't keep the server from stopping in time`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            try #require(simulation.store).hang()
            ann.say("1", in: "lobby", id: "x")
            simulation.settle()
            simulation.world.raise(Self.termination)
            simulation.advance(seconds: 5)
            #expect(simulation.life == .ended)
            #expect(ann.events("ack") == [] && ann.lines == [])
            #expect(ann.closeCode == .goingAway)
        }
    }

    @Test func `clients are asked to come back at different times`() throws {
        try play(.generous { $0.connections = 300 }) { simulation in
            let crowd = (0..<200).map { _ in simulation.connectRichly() }
            let plain = simulation.join()
            simulation.world.raise(Self.termination)
            simulation.settle()
            let delays = crowd.compactMap { $0.events("closing").first?.reconnectAfter }.sorted()
            #expect(delays.count == 200)
            let (first, last) = (try #require(delays.first), try #require(delays.last))
            // One second for all, and one millisecond for each of the 201.
            #expect(first >= 500 && last < 500 + 1_201)
            #expect(zip(delays, delays.dropFirst()).allSatisfy { $1 - $0 <= 30 })
            #expect(crowd.allSatisfy { $0.closeCode == .goingAway })
            #expect(plain.closeCode == .goingAway)
        }
    }

    @Test func `a client lost in the tick of its room's lookup leaves no member behind`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let (bob, ann) = (simulation.join(), simulation.connectRichly())
            store.hang()
            ann.join("lobby")
            simulation.settle()
            store.hang(false)
            ann.link.reset()
            simulation.settle()
            let cy = simulation.enter(as: "cy")
            #expect(cy.joined?.memberCount == 2)
            bob.link.reset()
            cy.link.reset()
            simulation.settle()
            #expect(simulation.inspection.rooms == 0)
        }
    }

    @Test func `ids are forgotten after five minutes`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            for number in 0..<20 { ann.say("x", in: "lobby", id: "\(number)") }
            simulation.settle()
            #expect(simulation.inspection.recentSends == 20)
            simulation.crash()
            simulation.settle()
            #expect(simulation.inspection.recentSends == 20)
            simulation.advance(seconds: 301)
            _ = simulation.join()
            #expect(simulation.inspection.recentSends == 0)
        }
    }
}
