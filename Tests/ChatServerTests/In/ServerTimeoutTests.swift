import ChatServer
import Simulation
import Testing
import WebSocket

@Suite struct ServerTimeoutTests {
    @Test(arguments: ["", "GET / HTTP/1.1\r\n"])
    func `a request head must arrive in time`(_ start: String) throws {
        try play { simulation in
            let client = simulation.ask(start)
            simulation.advance(seconds: 9)
            #expect(client.raw.isEmpty)
            simulation.advance(seconds: 2)
            #expect(client.status == 408)
            #expect(client.ending == .finished)
            #expect(simulation.connectionCount == 0)
        }
    }

    @Test func `bytes that trickle in don't extend the time of a head`() throws {
        try play { simulation in
            let client = simulation.connect()
            for _ in 0..<11 {
                client.send("G")
                simulation.advance(seconds: 1)
            }
            #expect(client.status == 408)
        }
    }

    @Test func `an idle connection between requests is closed`() throws {
        try play { simulation in
            let client = simulation.ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            simulation.advance(seconds: 29)
            #expect(client.ending == nil)
            client.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            simulation.advance(seconds: 29)
            #expect(client.ending == nil)
            simulation.advance(seconds: 2)
            #expect(client.ending == .finished)
            #expect(client.responses?.map(\.status) == [200, 200])
        }
    }

    @Test func `a second head must arrive in time too`() throws {
        try play { simulation in
            let client = simulation.ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            simulation.advance(seconds: 20)
            client.send("GET /healthz")
            simulation.advance(seconds: 11)
            #expect(client.responses?.map(\.status) == [200, 408])
        }
    }

    @Test func `content must arrive in time`() throws {
        try play { simulation in
            let client = simulation.ask(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx")
            simulation.advance(seconds: 29)
            #expect(client.responses?.map(\.status) == [405])
            simulation.advance(seconds: 2)
            #expect(client.responses?.map(\.status) == [405, 408])
            #expect(client.ending == .finished)
        }
    }

    @Test func `content has its own timeout, however long a connection may be idle`() throws {
        try play(.generous { $0.messageTimeout = 2_000 }) { simulation in
            let client = simulation.ask(
                "GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345")
            simulation.advance(seconds: 1)
            #expect(client.ending == nil)
            simulation.advance(seconds: 2)
            #expect(client.responses?.map(\.status) == [200, 408])
        }
    }

    @Test func `a message must arrive in time, whatever comes in between`() throws {
        try play { simulation in
            let client = simulation.join()
            client.send(.text, "{".utf8, isFinal: false)
            for _ in 0..<29 {
                client.send(.ping, [])
                client.send(.continuation, " ".utf8, isFinal: false)
                simulation.advance(seconds: 1)
            }
            #expect(client.closeCode == nil)
            simulation.advance(seconds: 2)
            #expect(client.closeCode == .policyViolation)
        }
    }

    @Test(arguments: [Opcode.text, .ping])
    func `a frame that arrived in pieces counts as complete`(_ opcode: Opcode) throws {
        try play { simulation in
            let client = simulation.join()
            let frame = client.frame(opcode, "{}".utf8)
            client.send(frame[..<3])
            simulation.advance(seconds: 1)
            client.send(frame[3...])
            simulation.advance(seconds: 60)
            #expect(client.closeCode == nil)
        }
    }

    @Test func `the time of a message doesn't run while its client isn't read`() throws {
        var limits = Limits.generous()
        limits.bytesPerSecond = 1_000
        limits.messageTimeout = 5_000
        try play(limits) { simulation in
            let client = simulation.join()
            client.say(String(repeating: "x", count: 9_000))
            simulation.advance(seconds: 12)
            #expect(client.lines.count == 1)
            #expect(client.closeCode == nil)
        }
    }

    @Test func `silence leads to a ping, which must be answered`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            bob.answersPings = false
            simulation.advance(seconds: 6)
            #expect((ann.pings, bob.pings) == (0, 0))
            simulation.advance(seconds: 20)
            #expect(ann.pings > 0)
            #expect(bob.pings == 1)
            simulation.advance(seconds: 11)
            #expect(ann.closeCode == nil)
            #expect(bob.closeCode == .internalError)
            let pings = ann.pings
            simulation.advance(seconds: 100)
            #expect(ann.pings == pings + 4)
        }
    }

    @Test func `no silence is longer than the interval, whenever the last pong came`() throws {
        try play(.generous { $0.pingInterval = 4_000 }) { simulation in
            let clients = (0..<10).map { _ in simulation.join() }
            simulation.advance(seconds: 100)
            #expect(clients.allSatisfy { $0.pings >= 23 })
        }
    }

    @Test func `a client that is heard often isn't pinged`() throws {
        try play { simulation in
            let client = simulation.join()
            for _ in 0..<40 {
                simulation.advance(seconds: 5)
                client.say("still here")
            }
            simulation.settle()
            #expect(client.pings == 0)
            #expect(client.lines.count == 40)
        }
    }

    @Test func `pings can be switched off`() throws {
        try play(.generous { $0.pingInterval = 0 }) { simulation in
            let client = simulation.join()
            simulation.advance(seconds: 100_000)
            #expect(client.pings == 0)
            #expect(client.closeCode == nil)
        }
    }

    @Test func `a peer that doesn't end the connection is dropped`() throws {
        try play { simulation in
            let client = simulation.join()
            client.endsInReturn = false
            client.send([0xFF])
            simulation.advance(seconds: 4)
            #expect(client.closeCode == .protocolError)
            #expect(simulation.connectionCount == 1)
            simulation.advance(seconds: 2)
            #expect(simulation.connectionCount == 0)
        }
    }

    @Test func `a response gets as much time as it needs`() throws {
        try play { simulation in
            simulation.world.sendBuffer = 1_000
            let client = simulation.connect()
            client.appetite = 500
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            for _ in 0..<5 { simulation.advance(seconds: 8) }
            #expect(client.raw.count > 2_000)
            client.appetite = .max
            simulation.settle()
            #expect(client.responses?.map(\.status) == [200])
            #expect(client.ending == .finished)
        }
    }
}
