import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// Lines of requests that the chat refuses.
@Suite struct ServerPostRefusalTests {
    private static let json = "Content-Type: application/json"

    @Test func `rates count by user, and say when to try again`() throws {
        let rates = { (limits: inout Limits) in
            (limits.chat.linesPerSecond, limits.chat.lineBurst) = (1, 3)
        }
        try playIdentity(disk: Disk(), limits: rates) { simulation, _ in
            for _ in 1...3 { #expect(simulation.ask(simulation.post()).status == 201) }
            let client = simulation.ask(simulation.post())
            client.expect(429, "rate_limited")
            #expect(client.responses?.last?.fields["retry-after"] == "1")
            #expect(simulation.ask(simulation.post(sub: "u2", name: "Bob")).status == 201)
            simulation.advance(seconds: 1)
            client.send(simulation.post())
            simulation.settle()
            #expect(client.status == 201)
        }
    }

    @Test func `a store that fails is said`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let store = try #require(simulation.store)
            #expect(simulation.ask(simulation.post()).status == 201)
            store.fail()
            let client = simulation.ask(simulation.post("lost"))
            simulation.advance(seconds: 5)
            client.expect(503, "store_unavailable")
            #expect(client.responses?.last?.fields["retry-after"] == "1")
            store.recover()
            simulation.advance(seconds: 5)
            client.send(simulation.post("kept"))
            simulation.settle()
            #expect(client.status == 201)
        }
    }

    @Test func `a line whose outcome is unknown is told by the same request`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let store = try #require(simulation.store)
            let bob = simulation.enter(as: "bob")
            store.hang()
            let client = simulation.ask(simulation.post("hi", id: "7"))
            simulation.advance(seconds: 3)
            client.expect(503, "store_unavailable")
            #expect(client.responses?.last?.fields["retry-after"] == "1")
            #expect(client.answered("unknown") == "true")
            store.hang(false)
            simulation.settle()
            client.send(simulation.post("hi", id: "7"))
            simulation.settle()
            #expect(client.statuses == [503, 201] && client.answered("seq") == "1")
            #expect(bob.seqs == [1])
        }
    }

    @Test(arguments: [nil, Disk()], [true, false])
    func `rules and bans of a room hold, whether or not anybody is there`(
        disk: Disk?, isEmpty: Bool
    ) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.ask(mod, "ban", ["user": #""bad""#]) == "ack")
            #expect(simulation.ask(mod, "settings", ["frozen": "true"]) == "ack")
            if isEmpty {
                mod.leave("lobby")
                simulation.settle()
            }
            simulation.ask(simulation.post()).expect(403, "frozen")
            simulation.ask(simulation.post(sub: "bad", name: "Bad")).expect(403, "banned")
            let staff = simulation.post(sub: "mod", name: "mod", claims: #","role":"moderator""#)
            #expect(simulation.ask(staff).status == 201)
        }
    }

    @Test func `nobody takes the name of another user`() throws {
        try playIdentity(disk: Disk(), reserved: ["admin"]) { simulation, _ in
            let json = #"{"message":"hi","username":"Admin"}"#
            let client = simulation.ask(
                simulation.request(
                    "Authorization: Bearer \(simulation.token())",
                    [Self.json, "Content-Length: \(json.utf8.count)"], json))
            client.expect(422, "invalid_username")
        }
    }
}
