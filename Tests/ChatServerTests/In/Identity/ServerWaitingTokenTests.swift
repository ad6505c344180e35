import Chat
import ChatServer
import Simulation
import TestSupport
import Testing
import WebSocket

/// What happens while a token is being verified.
@Suite struct ServerWaitingTokenTests {
    @Test(arguments: [Disk?.none, Disk()])
    func `commands behind auth wait for it`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, verifier in
            verifier.beLate()
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1", #","name":"Ann""#), id: "1")
            ann.join("go", as: "other", id: "2")
            ann.say("hi", in: "go", as: "other", id: "3")
            simulation.advance(seconds: 2)
            #expect(ann.types == ["welcome"])
            #expect(verifier.count == 1)
            verifier.answer()
            simulation.advance(seconds: 1)
            #expect(ann.types.prefix(3) == ["welcome", "authenticated", "joined"])
            #expect(ann.lines.map(\.username) == ["Ann"])
            #expect(ann.errors == [])
        }
    }

    @Test func `frames behind an opening handshake wait, too`() throws {
        try playIdentity { simulation, verifier in
            verifier.beLate()
            let ann = simulation.connect()
            ann.fields = ["Authorization: Bearer \(simulation.token("u1", #","name":"Ann""#))"]
            ann.handshakeRichly()
            ann.join("go", as: nil, id: "1")
            ann.say("hi", in: "go", id: "2")
            simulation.settle()
            #expect(ann.raw == [])
            verifier.answer()
            simulation.settle()
            #expect(ann.events.first?.you?.sub == "u1")
            #expect(ann.lines.map(\.username) == ["Ann"])
        }
    }

    @Test func `a request whose token isn't verified in time is answered`() throws {
        try playIdentity { simulation, verifier in
            verifier.beLate()
            let ann = simulation.connectRichly(with: "Authorization: Bearer \(simulation.token())")
            simulation.advance(seconds: 60)
            #expect(ann.answer.hasPrefix("HTTP/1.1 408"))
            verifier.answer()
            simulation.advance(seconds: 10)
            #expect(simulation.connectionCount == 0)
        }
    }

    @Test func `a client that leaves in the meantime is forgotten`() throws {
        try playIdentity { simulation, verifier in
            verifier.beLate()
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token())
            simulation.settle()
            ann.link.breakOff()
            simulation.settle()
            // Its place may be another's by now.
            let bob = simulation.enter("go", as: "bob")
            verifier.answer()
            simulation.settle()
            bob.say("hi", in: "go")
            simulation.settle()
            #expect(bob.types == ["welcome", "joined", "message"])
            #expect(bob.lines.map(\.username) == ["bob"])
            #expect(simulation.metrics.tokensAccepted == 0)
        }
    }

    @Test func `too many tokens are put off`() throws {
        try playIdentity { simulation, verifier in
            verifier.beLate()
            let clients = (0..<1_030).map { _ in simulation.connect() }
            for client in clients { client.handshakeRichly() }
            simulation.settle()
            for client in clients { client.authenticate("x", id: "1") }
            simulation.settle()
            let refused = clients.filter { $0.errors.map(\.code) == ["rate_limited"] }
            #expect(refused.count == 6)
            #expect(verifier.count == 1_024)
            verifier.answer()
            simulation.settle()
            let answered = clients.filter { $0.errors.map(\.code) == ["invalid_token"] }
            #expect(answered.count == 1_024)
        }
    }

    @Test func `a token that ends while it is verified has expired`() throws {
        try playIdentity { simulation, verifier in
            verifier.beLate()
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token(seconds: 2), id: "1")
            simulation.settle()
            // It is looked at as it was when it came.
            verifier.answer()
            simulation.freeze(milliseconds: 5_000)
            simulation.advance(seconds: 3)
            #expect(ann.errors.map(\.code).first == "token_expired")
        }
    }
}
