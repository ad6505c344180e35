import Chat
import ChatServer
import Simulation
import TestSupport
import Testing
import WebSocket

/// What the holder of a token may do, and for how long.
@Suite struct ServerRightsTests {
    @Test func `the name of the token is the name in every room`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.enter("go", as: "guest")
            ann.authenticate(simulation.token("u1", #","name":"Ann""#), id: "1")
            ann.say("one", in: "go", as: "Bob")
            ann.join("lobby", as: "Bob")
            ann.say("two", in: "lobby")
            ann.askMembers(of: "go", id: "2")
            simulation.settle()
            #expect(ann.lines.map(\.username) == ["Ann", "Ann"])
            #expect(ann.events("members").first?.usernames == ["Ann"])
        }
    }

    @Test func `in the plain dialect, too`() throws {
        try playIdentity { simulation, _ in
            let token = simulation.token("u1", #","name":"Ann""#)
            let ann = simulation.connectPlainly(with: "Authorization: Bearer \(token)")
            ann.say("hi", as: "Bob")
            simulation.settle()
            #expect(ann.lines.map(\.username) == ["Ann"])
        }
    }

    @Test func `without a name it is chosen as a guest's`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.connectPlainly(with: "Authorization: Bearer \(simulation.token())")
            ann.say("hi", as: "Bob")
            simulation.settle()
            #expect(ann.lines.map(\.username) == ["Bob"])
        }
    }

    @Test func `rooms that a token closes can't be entered`() throws {
        try playIdentity { simulation, _ in
            let rooms = #","rooms":{"go*":"member","go-x":"none"}"#
            let header = "Authorization: Bearer \(simulation.token("u1", rooms))"
            let ann = simulation.connectRichly(with: header)
            for room in ["go", "go-x", "lobby"] { ann.join(room, id: room) }
            simulation.settle()
            #expect(ann.events("joined").map(\.room) == ["go"])
            #expect(ann.errors.map(\.code) == ["forbidden", "forbidden"])
            let bob = simulation.connectPlainly(room: "lobby", with: header)
            #expect(bob.closeCode == .notAuthorized)
            #expect(simulation.connectPlainly(room: "go", with: header).closeCode == nil)
        }
    }

    @Test func `a renewal that closes a room makes the holder leave it`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.enter("go", as: "ann")
            ann.join("lobby")
            simulation.settle()
            ann.authenticate(simulation.token("u1", #","rooms":{"lobby":"vip"}"#), id: "1")
            ann.say("hi", in: "go", id: "2")
            simulation.settle()
            let left = try #require(ann.events("left").first)
            #expect(left.room == "go" && left.code == "forbidden" && left.id == nil)
            #expect(ann.errors.map(\.code) == ["not_joined"])
            #expect(simulation.inspection.rooms == 1)
        }
    }

    @Test func `a renewal is for the same user`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1"), id: "1")
            ann.authenticate(simulation.token("u2"), id: "2")
            ann.authenticate(simulation.token("u1", #","role":"owner""#), id: "3")
            simulation.settle()
            #expect(ann.events("authenticated").map(\.role) == ["member", "owner"])
            #expect(ann.errors.map(\.code) == ["invalid_token"])
            #expect(ann.errors.map(\.id) == ["2"])
        }
    }

    @Test func `a refused renewal changes nothing`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1", #","name":"Ann""#))
            ann.authenticate("AAAA", id: "2")
            ann.authenticate(String(repeating: "A", count: 9_000), id: "3")
            ann.join("go", as: nil)
            ann.say("hi", in: "go")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["invalid_token", "invalid_token"])
            #expect(ann.lines.map(\.username) == ["Ann"])
        }
    }

    @Test func `the end is told a minute before, and makes a guest`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1", seconds: 600, #","name":"Ann""#))
            ann.join("go", as: nil)
            simulation.advance(seconds: 538)
            #expect(ann.events("auth_expiring") == [])
            simulation.advance(seconds: 4)
            let left = try #require(ann.events("auth_expiring").first?.timeLeft)
            #expect(left > 57_000 && left <= 60_000)
            ann.say("before", in: "go")
            simulation.advance(seconds: 60)
            #expect(ann.events("auth_expiring").count == 1)
            #expect(ann.errors.map(\.code) == ["token_expired"])
            ann.say("after", in: "go", id: "1")
            ann.say("again", in: "go", as: "guest")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["token_expired", "invalid_username"])
            #expect(ann.lines.map(\.username) == ["Ann", "guest"])
            #expect(ann.closeCode == nil)
            #expect(simulation.metrics.identitiesExpired == 1)
        }
    }

    @Test func `a short life is warned of at its half`() throws {
        try playIdentity { simulation, _ in
            let ann = simulation.connectRichly()
            ann.authenticate(simulation.token("u1", seconds: 20))
            simulation.advance(seconds: 9)
            #expect(ann.events("auth_expiring") == [])
            simulation.advance(seconds: 2)
            #expect(ann.events("auth_expiring").count == 1)
        }
    }

    @Test func `a renewal puts the end off`() throws {
        try playIdentity(.required) { simulation, _ in
            let ann = simulation.connectRichly()
            for _ in 0..<5 {
                ann.authenticate(simulation.token("u1", seconds: 30))
                simulation.advance(seconds: 25)
            }
            #expect(ann.events("authenticated").count == 5)
            #expect(ann.events("auth_expiring").count == 5)
            #expect(ann.closeCode == nil)
            simulation.advance(seconds: 6)
            #expect(ann.closeCode == .expired)
        }
    }

    @Test func `without guests, commands need a token`() throws {
        try playIdentity(.required) { simulation, _ in
            let ann = simulation.connectRichly()
            ann.join("go", id: "1")
            ann.authenticate(simulation.token(), id: "2")
            ann.join("go", id: "3")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["forbidden"])
            #expect(ann.errors.map(\.id) == ["1"])
            #expect(ann.events("joined").map(\.id) == ["3"])
        }
    }

    @Test func `without guests, a client that is silent is closed`() throws {
        try playIdentity(.required) { simulation, _ in
            let ann = simulation.connectRichly()
            let bob = simulation.connectPlainly()
            #expect(bob.closeCode == .notAuthorized)
            simulation.advance(seconds: 12)
            #expect(ann.closeCode == .notAuthorized)
        }
    }
}
