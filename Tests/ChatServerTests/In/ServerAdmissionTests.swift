import ChatServer
import Simulation
import Testing

@Suite struct ServerAdmissionTests {
    @Test func `connections over the limit are refused with a reason`() throws {
        try play(.generous { $0.connections = 2 }) { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            let cy = simulation.join()
            #expect(cy.responses?.map(\.status) == [503])
            #expect(cy.responses?.first?.fields["retry-after"] != nil)
            #expect(cy.ending == .finished)
            ann.say("hi")
            ann.close()
            simulation.settle()
            #expect(bob.lines.count == 1)
            #expect(simulation.join().phase == .open)
        }
    }

    @Test(arguments: ["/healthz", "/readyz", "/metrics"])
    func `above the limit of connections the daemon still answers probes`(path: String) throws {
        try play(.generous { $0.connections = 1 }) { simulation in
            let ann = simulation.join()
            let request = "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
            let probe = simulation.ask(request + request)
            #expect(probe.responses?.map(\.status) == [200])
            #expect(probe.responses?.first?.fields["connection"] == "close")
            #expect(probe.ending == .finished)
            let other = simulation.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(other.responses?.map(\.status) == [503])
            #expect(other.responses?.first?.fields["cache-control"] == "no-store")
            // A request that comes in part is answered when it is whole, or when its time is up.
            let slow = simulation.connect()
            slow.send(String(request.prefix(20)))
            simulation.settle()
            #expect(slow.responses == [])
            slow.send(String(request.dropFirst(20)))
            simulation.settle()
            #expect(slow.responses?.map(\.status) == [200])
            let half = simulation.connect()
            half.send(String(request.prefix(20)))
            simulation.advance(seconds: 2)
            #expect(half.responses?.map(\.status) == [503])
            #expect(ann.phase == .open)
        }
    }

    @Test func `refusals are bounded, and every connection gets one`() throws {
        try play(.generous { $0.connections = 1 }) { simulation in
            let ann = simulation.join()
            let crowd = (0..<50).map { _ in simulation.connect() }
            for client in crowd { client.endsInReturn = false }
            simulation.settle()
            #expect(simulation.connectionCount == 33)
            simulation.advance(seconds: 2)
            #expect(crowd.allSatisfy { $0.responses?.map(\.status) == [503] })
            simulation.advance(seconds: 6)
            #expect(simulation.connectionCount == 1)
            #expect(ann.phase == .open)
        }
    }

    @Test func `an address has a limit of connections`() throws {
        try play(.generous { $0.connectionsPerAddress = 2 }) { simulation in
            let (ann, _) = (simulation.join(), simulation.join())
            #expect(simulation.join().responses?.map(\.status) == [503])
            #expect(simulation.join(from: .of(2)).phase == .open)
            ann.close()
            simulation.settle()
            #expect(simulation.join().phase == .open)
            #expect(simulation.join().responses?.map(\.status) == [503])
        }
    }

    @Test func `an address has a limit of new chats a second`() throws {
        try play(.generous { $0.handshakesPerSecondPerAddress = 2 }) { simulation in
            #expect(simulation.join().phase == .open)
            #expect(simulation.join().phase == .open)
            #expect(simulation.join().responses?.map(\.status) == [503])
            #expect(simulation.join(from: .of(2)).phase == .open)
            simulation.advance(seconds: 1)
            #expect(simulation.join().phase == .open)
        }
    }

    @Test func `without descriptors the chat continues and accepting waits`() throws {
        try play { simulation in
            simulation.world.descriptorLimit = 2
            let (ann, bob) = (simulation.join(), simulation.join())
            let cy = simulation.join()
            #expect(cy.phase == .handshaking)
            simulation.advance(seconds: 10)
            ann.say("hi")
            simulation.settle()
            #expect(bob.lines.count == 1)
            #expect(simulation.messages.filter { $0.contains("ulimit -n") }.count == 1)
            ann.close()
            simulation.settle()
            #expect(cy.phase == .open)
        }
    }

    @Test func `without memory accepting continues after a moment`() throws {
        try play { simulation in
            simulation.world.faults.exhaustedAccepts = 1_000
            let ann = simulation.join()
            simulation.world.faults.exhaustedAccepts = 0
            simulation.settle()
            #expect(ann.phase == .handshaking)
            simulation.advance(seconds: 2)
            #expect(ann.phase == .open)
        }
    }

    @Test func `a connection that is gone before it is accepted has no effect`() throws {
        try play { simulation in
            simulation.world.faults.abortedAccepts = 1_000
            let ann = simulation.join()
            simulation.world.faults.abortedAccepts = 0
            #expect(ann.ending == .reset)
            #expect(simulation.join().phase == .open)
            #expect(simulation.connectionCount == 1)
        }
    }

    @Test func `a thousand connections come and go at once`() throws {
        try play(.generous { $0.connections = 2_000 }) { simulation in
            for _ in 0..<3 {
                let crowd = (0..<1_000).map { _ in simulation.connect() }
                for client in crowd { client.handshake() }
                simulation.settle()
                #expect(crowd.allSatisfy { $0.phase == .open })
                for client in crowd { client.link.reset() }
                simulation.settle()
                for client in crowd { simulation.abandon(client) }
            }
            simulation.checkEmpty()
        }
    }
}
