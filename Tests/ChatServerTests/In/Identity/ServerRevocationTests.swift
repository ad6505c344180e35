import Chat
import ChatServer
import Identity
import Simulation
import TestSupport
import Testing
import WebSocket

/// Tokens that end before they expire: because they are revoked, or because their key is gone.
@Suite struct ServerRevocationTests {
    private func ring(_ key: SigningKey.ID, end: Int64? = nil) -> KeyRing {
        KeyRing([SigningKey(id: key, name: "key", end: end, checks: [:])])
    }

    @Test(arguments: [
        Revocation.user("u1", issuedBefore: 1), .token(jti: "t1"), .all(issuedBefore: 1),
    ])
    func `a revoked token ends its connections, and isn't accepted again`(
        revocation: Revocation
    ) throws {
        let inbox = IdentityInbox()
        try playIdentity(inbox: inbox) { simulation, verifier in
            let token = simulation.token("u1", #","jti":"t1","name":"Ann""#)
            let header = "Authorization: Bearer \(token)"
            let clients = [
                simulation.connectRichly(with: header), simulation.connectPlainly(with: header),
                simulation.connectPlainly(),
            ]
            clients[0].join("go", as: nil)
            simulation.settle()
            inbox.revoke([revocation])
            simulation.world.isWoken = true
            simulation.settle()
            #expect(clients.map(\.closeCode) == [.revoked, .revoked, nil])
            #expect(simulation.metrics.identitiesRevoked == 2)
            let again = simulation.connectRichly(with: header)
            #expect(again.answer.hasPrefix("HTTP/1.1 401 "))
            let late = simulation.connectRichly()
            late.authenticate(token)
            simulation.settle()
            #expect(late.errors.map(\.code) == ["invalid_token"])
        }
    }

    @Test func `a token that is being verified while it is revoked isn't accepted`() throws {
        let inbox = IdentityInbox()
        try playIdentity(inbox: inbox) { simulation, verifier in
            verifier.beLate()
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token())
            simulation.settle()
            verifier.answer()
            inbox.revoke([.user("u1", issuedBefore: 1)])
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["invalid_token"])
            #expect(ann.closeCode == nil)
        }
    }

    @Test func `a newer token of a user is good`() throws {
        let inbox = IdentityInbox()
        try playIdentity(inbox: inbox) { simulation, _ in
            inbox.revoke([.user("u1", issuedBefore: 100)])
            let ann = simulation.connectRichly()
            for issued in [99, 100] {
                ann.authenticate(simulation.token("u1", #","iat":\#(issued)"#))
                simulation.settle()
            }
            #expect(ann.types == ["welcome", "error", "authenticated"])
        }
    }

    @Test func `revocations of before the start hold`() throws {
        var revocations = Revocations()
        revocations.add(.token(jti: "t1"))
        try playIdentity(revocations: revocations) { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1", #","jti":"t1""#))
            ann.authenticate(simulation.token("u1", #","jti":"t2""#))
            simulation.settle()
            #expect(ann.types == ["welcome", "error", "authenticated"])
        }
    }

    @Test func `the tokens of a key that is gone end`() throws {
        let inbox = IdentityInbox()
        try playIdentity(inbox: inbox) { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token())
            simulation.settle()
            inbox.keysChanged(ring(SimulatedVerifier.keyID))
            simulation.world.isWoken = true
            simulation.settle()
            #expect(ann.closeCode == nil)
            inbox.keysChanged(ring(SimulatedVerifier.keyID + 1))
            simulation.world.isWoken = true
            simulation.settle()
            #expect(ann.closeCode == .revoked)
            let again = simulation.connectRichly()
            again.authenticate(simulation.token())
            simulation.settle()
            #expect(again.errors.map(\.code) == ["invalid_token"])
        }
    }

    @Test(arguments: [IdentityRules.Demand.optional, .required])
    func `a token ends on time, although the process stood still`(
        demand: IdentityRules.Demand
    ) throws {
        try playIdentity(demand) { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token(seconds: 60))
            ann.join("go")
            simulation.settle()
            ann.say("hi", in: "go", id: "m")
            simulation.freeze(milliseconds: 100_000)
            simulation.settle()
            #expect(ann.lines == [])
            if demand == .required {
                #expect(ann.closeCode == .expired)
            } else {
                #expect(ann.errors.map(\.code) == ["token_expired", "invalid_username"])
            }
        }
    }

    @Test func `tokens end with their key`() throws {
        let inbox = IdentityInbox()
        try playIdentity(.required, inbox: inbox) { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token())
            simulation.settle()
            inbox.keysChanged(
                ring(SimulatedVerifier.keyID, end: simulation.world.wallClock + 10_000))
            simulation.world.isWoken = true
            simulation.advance(seconds: 9)
            #expect(ann.closeCode == nil)
            simulation.advance(seconds: 2)
            #expect(ann.closeCode == .expired)
        }
    }
}
