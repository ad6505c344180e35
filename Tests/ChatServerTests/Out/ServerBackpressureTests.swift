import ChatServer
import Simulation
import Testing
import WebSocket

@Suite struct ServerBackpressureTests {
    /// A kernel with a small buffer, so that the rings notice slow clients at once.
    private func play(
        _ change: (inout Limits) -> Void, _ scene: (Simulation) throws -> Void
    ) throws {
        let limits = Limits.generous {
            $0.highWatermark = 10_000
            $0.lowWatermark = 2_500
            change(&$0)
        }
        try ChatServerTests.play(limits) { simulation in
            simulation.world.sendBuffer = 1_000
            try scene(simulation)
        }
    }

    @Test func `a client that never reads is closed without effect on others`() throws {
        try play { _ in
        } _: { simulation in
            let (ann, bob, cy) = (simulation.join(), simulation.join(), simulation.join())
            cy.reads = false
            for second in 0..<11 {
                simulation.chat(ann, lines: second * 10..<second * 10 + 10, bytes: 1_000)
                #expect(bob.numbers.last == second * 10 + 9)
                simulation.advance(seconds: 1)
            }
            simulation.advance(seconds: 6)
            #expect(ann.numbers == Array(0..<110))
            #expect(bob.lines == ann.lines)
            #expect(simulation.connectionCount == 2)
            #expect(simulation.metrics.closes == [1013: 1])
            cy.reads = true
            simulation.settle()
            #expect(cy.ending == .reset)
        }
    }

    @Test func `a client that pauses gets every line from the room's log`() throws {
        try play { _ in
        } _: { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            bob.reads = false
            simulation.chat(ann, lines: 0..<100, bytes: 500)
            #expect(simulation.inspection.lineBytes > 10_000)
            #expect(simulation.inspection.lineBytes < 11_000)
            bob.reads = true
            simulation.settle()
            #expect(bob.lines == ann.lines)
            #expect(bob.numbers == Array(0..<100))
            simulation.chat(ann, lines: 100..<110)
            #expect(bob.numbers == Array(0..<110))
        }
    }

    @Test func `a client that falls behind the room's log is closed`() throws {
        try play {
            $0.roomLogBytes = 20_000
        } _: { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            bob.reads = false
            simulation.chat(ann, lines: 0..<100, bytes: 500)
            bob.reads = true
            simulation.settle()
            #expect(bob.closeCode == .tryAgainLater)
            #expect(bob.ending == .finished)
            #expect(bob.numbers == Array(0..<bob.lines.count))
            #expect(bob.lines.count > 10)
            #expect(ann.numbers == Array(0..<100))
        }
    }

    @Test func `a room's log grows for a member that reads, and shrinks when it has caught up`()
        throws
    {
        try play {
            $0.roomLogBytes = 20_000
            $0.roomLogsGrow = true
            $0.highWatermark = 10_000
            $0.lowWatermark = 5_000
            $0.bufferBudget = 1_000_000
        } _: { simulation in
            simulation.world.sendBuffer = 1_000
            let (ann, bob) = (simulation.join(), simulation.join())
            bob.reads = false
            // A room is granted an eighth of the budget.
            simulation.chat(ann, lines: 0..<200, bytes: 500)
            #expect(60_000...145_000 ~= simulation.inspection.roomLogBytes)
            bob.reads = true
            simulation.settle()
            #expect(bob.numbers == Array(0..<200))
            #expect(bob.closeCode == nil)
            simulation.advance(seconds: 5)
            #expect(simulation.inspection.roomLogBytes <= 20_000)
        }
    }

    @Test func `above the budget the slowest client is closed first`() throws {
        try play {
            $0.bufferBudget = 11_000
        } _: { simulation in
            let (ann, bob, cy) = (simulation.join(), simulation.join(), simulation.join())
            bob.reads = false
            simulation.chat(ann, lines: 0..<4, bytes: 1_000)
            cy.reads = false
            simulation.chat(ann, lines: 4..<9, bytes: 1_000)
            (bob.reads, cy.reads) = (true, true)
            simulation.settle()
            #expect(bob.ending == .reset)
            #expect(simulation.metrics.closes == [1013: 1])
            #expect(cy.closeCode == nil)
            #expect(cy.numbers == Array(0..<9))
            #expect(ann.lines == cy.lines)
        }
    }

    @Test func `unread logs are dropped before any client`() throws {
        try play {
            $0.bufferBudget = 12_500
        } _: { simulation in
            let people = (0..<5).map { simulation.join(room: "room-\($0)") }
            people[0].reads = false
            for person in people { simulation.chat(person, lines: 0..<4, bytes: 1_000) }
            #expect(simulation.inspection.accountedBytes <= 12_500)
            #expect(simulation.metrics.closes == [:])
            people[0].reads = true
            simulation.settle()
            for person in people { #expect(person.numbers == Array(0..<4)) }
        }
    }

    @Test func `a client that doesn't read replies is closed when too many wait`() throws {
        try play {
            $0.controlWatermark = 4_000
        } _: { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.reads = false
            for _ in 0..<1_000 { ann.send(.ping, [UInt8](repeating: 1, count: 100)) }
            simulation.settle()
            #expect(simulation.metrics.closes == [1013: 1])
            #expect(simulation.inspection.controlBytes < 4_200)
            bob.say("hi")
            simulation.settle()
            #expect(bob.lines.count == 1)
            simulation.advance(seconds: 6)
            #expect(simulation.connectionCount == 1)
        }
    }

    @Test func `a client that reads late gets all replies`() throws {
        try play {
            $0.controlWatermark = 40_000
        } _: { simulation in
            let client = simulation.join()
            client.reads = false
            for number in 0..<200 {
                client.send(.ping, [UInt8](repeating: UInt8(number), count: 100))
            }
            simulation.settle()
            client.reads = true
            simulation.settle()
            #expect(client.pongs.map { $0[0] } == Array(0..<200))
        }
    }

    @Test func `one write takes all lines of a tick`() throws {
        try play { _ in
        } _: { simulation in
            simulation.world.sendBuffer = 65_536
            let (ann, bob) = (simulation.join(), simulation.join())
            var writes = 0
            simulation.world.trace = { if $0.contains("send:") { writes += 1 } }
            for number in 0..<40 { ann.say("\(number)") }
            simulation.settle()
            #expect(bob.numbers == Array(0..<40))
            #expect(writes == 2)
        }
    }

    @Test func `a write without memory is tried again later`() throws {
        try play { _ in
        } _: { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            simulation.world.faults.exhaustedSends = 1_000
            ann.say("hi")
            simulation.advance(seconds: 2)
            #expect(bob.lines.isEmpty)
            simulation.world.faults.exhaustedSends = 0
            simulation.advance(seconds: 1)
            #expect(bob.lines.map(\.message) == ["hi"])
        }
    }
}
