import ChatServer
import Simulation
import Testing
import WebSocket

@Suite struct ServerDrainTests {
    private static let termination: Int32 = 15
    private static let interrupt: Int32 = 2

    @Test func `on a signal all clients are told, and waiting bytes go out`() throws {
        try play(.generous()) { simulation in
            simulation.world.sendBuffer = 1_000
            let (ann, bob) = (simulation.join(), simulation.join(room: "go"))
            let probe = simulation.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            ann.reads = false
            simulation.chat(ann, lines: 0..<20, bytes: 500)
            bob.endsInReturn = false
            simulation.world.raise(Self.termination)
            simulation.settle()
            #expect(bob.closeCode == .goingAway)
            probe.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            let late = simulation.connect()
            late.handshake()
            simulation.settle()
            #expect(probe.responses?.map(\.status) == [200, 503])
            #expect(late.responses?.map(\.status) == [503])
            #expect(simulation.isRunning)
            ann.reads = true
            simulation.settle()
            #expect(ann.closeCode == .goingAway)
            #expect(ann.ending == .finished)
            #expect(ann.numbers == Array(0..<20))
            bob.endsInReturn = true
            bob.close()
            bob.finish()
            simulation.settle()
            #expect(simulation.life == .ended)
        }
    }

    @Test func `a server without clients ends at once`() throws {
        try play { simulation in
            simulation.world.raise(Self.interrupt)
            simulation.settle()
            #expect(simulation.life == .ended)
        }
    }

    @Test func `no client delays the end for long`() throws {
        try play { simulation in
            let client = simulation.join()
            client.reads = false
            simulation.settle()
            simulation.world.raise(Self.termination)
            simulation.advance(seconds: 3)
            #expect(simulation.isRunning)
            simulation.advance(milliseconds: 1_900)
            #expect(simulation.life == .ended)
        }
    }

    @Test func `a second signal ends at once`() throws {
        try play { simulation in
            let client = simulation.join()
            client.reads = false
            simulation.world.raise(Self.termination)
            simulation.settle()
            #expect(simulation.isRunning)
            simulation.world.raise(Self.interrupt)
            simulation.settle()
            #expect(simulation.life == .endedAtOnce(signal: Self.interrupt))
        }
    }

    @Test func `a client that ends in the moment of the signal is counted once`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.link.reset()
            simulation.world.raise(Self.termination)
            simulation.settle()
            #expect(bob.closeCode == .goingAway)
            #expect(simulation.metrics.closes == [1001: 1, 1006: 1])
        }
    }
}
