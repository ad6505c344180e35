import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// No guest can take the name of a user, or one that looks like it.
@Suite struct ServerNamesTests {
    /// A user in a room.
    private func ann(_ simulation: Simulation, in room: String = "go") -> Client {
        let ann = simulation.connectRichly(
            with: "Authorization: Bearer \(simulation.token("u1", #","name":"Ann""#))")
        ann.join(room, as: nil)
        simulation.settle()
        return ann
    }

    @Test func `a guest can't take a user's name`() throws {
        try playIdentity { simulation, _ in
            let ann = ann(simulation)
            let bob = simulation.enter("go", as: "\u{410}NN")
            #expect(bob.errors.map(\.code) == ["invalid_username"])
            bob.join("go", as: "bob")
            bob.say("one", in: "go", as: "Ann")
            bob.say("two", in: "go")
            bob.join("go", as: "a\u{200B}nn")
            let plain = simulation.connectPlainly(room: "go")
            plain.say("three", as: "ANN")
            plain.say("four", as: "cy")
            simulation.settle()
            #expect(bob.errors.map(\.code) == Array(repeating: "invalid_username", count: 3))
            #expect(plain.errors.map(\.code) == ["invalid_username"])
            #expect(ann.lines.map(\.message) == ["two", "four"])
            simulation.connectRichly().join("lobby", as: "Ann")
            ann.leave("go")
            simulation.settle()
            plain.say("five", as: "Ann")
            simulation.settle()
            #expect(plain.errors.count == 1)
        }
    }

    @Test func `a guest that was there before loses the name with its next line`() throws {
        try playIdentity { simulation, _ in
            let (bob, plain) = (
                simulation.enter("go", as: "ann"), simulation.connectPlainly(room: "go")
            )
            for client in [bob, plain] { client.say("one", as: "ann") }
            bob.say("one", in: "go")
            simulation.settle()
            let ann = ann(simulation)
            bob.say("two", in: "go")
            plain.say("three", as: "ann")
            ann.say("four", in: "go")
            simulation.settle()
            #expect(ann.lines.map(\.message).suffix(1) == ["four"])
            #expect(!ann.lines.map(\.message).contains("two"))
            #expect(bob.errors.last?.code == "invalid_username")
            #expect(plain.errors.map(\.code) == ["invalid_username"])
        }
    }

    @Test func `the name is free when the token has ended`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1", seconds: 10, #","name":"Ann""#))
            ann.join("go", as: nil)
            simulation.settle()
            let bob = simulation.enter("go", as: "Ann")
            simulation.advance(seconds: 11)
            bob.join("go", as: "Ann", id: "again")
            simulation.settle()
            #expect(bob.errors.map(\.code) == ["invalid_username"])
            #expect(bob.events("joined").count == 1)
        }
    }

    @Test func `a user without a name in its token keeps the one that it has chosen`() throws {
        try playIdentity { simulation, _ in
            let header = "Authorization: Bearer \(simulation.token("u1"))"
            let (one, other) = (
                simulation.connectRichly(with: header), simulation.connectRichly(with: header)
            )
            one.join("go", as: "Ann")
            other.join("go", as: "Ann")
            simulation.settle()
            #expect(one.errors == [] && other.errors == [])
            #expect(simulation.enter("go", as: "Ann").errors.count == 1)
            let stranger = simulation.connectRichly(
                with: "Authorization: Bearer \(simulation.token("u2"))")
            stranger.join("go", as: "ann")
            simulation.settle()
            #expect(stranger.errors.map(\.code) == ["invalid_username"])
        }
    }

    @Test func `a reserved name is for tokens`() throws {
        try playIdentity(reserved: ["Admin"]) { simulation, _ in
            #expect(simulation.enter("go", as: "ADM\u{131}N").errors.count <= 1)
            #expect(simulation.enter("go", as: "admin").errors.map(\.code) == ["invalid_username"])
            let plain = simulation.connectPlainly()
            plain.say("hi", as: "Admin")
            let owner = simulation.connectRichly(
                with: "Authorization: Bearer \(simulation.token("u1", #","name":"Admin""#))")
            owner.join("go", as: nil)
            owner.say("hi", in: "go")
            simulation.settle()
            #expect(plain.errors.map(\.code) == ["invalid_username"])
            #expect(owner.lines.map(\.username) == ["Admin"])
        }
    }
}
