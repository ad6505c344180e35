import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// Lines of requests that wait before they are said.
@Suite struct ServerHeldPostTests {
    @Test(arguments: [nil, Disk()])
    func `a line that waits and its repeats are one line, over both protocols`(
        disk: Disk?
    ) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation)
            let post = simulation.post("hi", sub: "ann", name: "ann", id: "k")
            let backend = simulation.ask(post + post)
            #expect(backend.statuses == [202, 202])
            let name = try #require(backend.answered("held"))
            let content = #"{"type":"ack","id":"k","room":"lobby","held":"\#(name)"}"#
            #expect(backend.responses?.map(\.content) == [content, content])
            scene.ann.say("hi", in: "lobby", id: "k")
            simulation.settle()
            #expect(scene.ann.events("ack").last?.held == name)
            simulation.ask(simulation.post("ho", sub: "ann", name: "ann", id: "k"))
                .expect(409, "id_reused")
            #expect(scene.mod.events("held").map(\.message) == ["hi"])
            #expect(scene.mod.events("held").map(\.user) == ["ann"])
            #expect(scene.bob.texts == [])
            // A line that was said first on a socket.
            scene.ann.say("two", in: "lobby", id: "l")
            simulation.settle()
            let second = simulation.post("two", sub: "ann", name: "ann", id: "l")
            #expect(simulation.ask(second).status == 202)
            // A moderator's line doesn't wait.
            let staff = simulation.post(
                "now", sub: "mod", name: "mod", claims: #","role":"moderator""#)
            #expect(simulation.ask(staff).status == 201)
            simulation.advance(seconds: 11)
            #expect(scene.bob.texts == ["now", "hi", "two"])
            #expect(scene.ann.events("released").map(\.held).first == name)
            let said = simulation.ask(post + second)
            #expect(said.statuses == [201, 201])
            #expect(said.answered("seq") == "3")
            #expect(said.answered("held") == nil)
        }
    }

    @Test func `requests wait for a slow disk, and all get the same answer`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let scene = HeldScene(simulation)
            let store = try #require(simulation.store)
            store.hang()
            let post = simulation.post("hi", sub: "ann", name: "ann", id: "k")
            let backends = (1...2).map { _ in simulation.ask(post) }
            scene.ann.say("hi", in: "lobby", id: "k")
            simulation.settle()
            #expect(backends.map(\.raw.isEmpty) == [true, true])
            store.hang(false)
            simulation.settle()
            #expect(backends.map(\.status) == [202, 202])
            #expect(
                Set(backends.map { $0.answered("held") })
                    == [scene.ann.events("ack").last?.held])
            #expect(scene.mod.events("held").count == 1)
        }
    }

    @Test func `a line waits where nobody is, and outlives a crash`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let terms = #"[{"term":"odd","action":"hold"}]"#
            #expect(simulation.ask(mod, "terms", ["add": terms]) == "ack")
            mod.leave("lobby")
            simulation.settle()
            let post = simulation.post("odd", id: "k")
            let name = simulation.ask(post).answered("held")
            #expect(name != nil && simulation.inspection.rooms == 0)
            simulation.crash()
            let again = simulation.ask(post)
            #expect(again.status == 202 && again.answered("held") == name)
            let back = simulation.join(as: "mod", "moderator")
            #expect(back.events("held").map(\.why) == ["term"])
            #expect(simulation.decide(back, "approve", name) == "ack")
            let said = simulation.ask(post)
            #expect(said.status == 201 && said.answered("seq") == "1")
            #expect(back.texts == ["odd"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a line that was rejected may be sent again`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation)
            let post = simulation.post(sub: "ann", name: "ann", id: "k")
            let first = simulation.ask(post).answered("held")
            #expect(simulation.decide(scene.mod, "reject", first) == "ack")
            let second = simulation.ask(post)
            #expect(second.status == 202 && second.answered("held") != first)
            simulation.advance(seconds: 11)
            #expect(scene.bob.texts == ["hi"])
        }
    }

    @Test func `a line isn't said where nobody is and nothing is stored`() throws {
        try playIdentity { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.ask(mod, "settings", ["hold_seconds": "10"]) == "ack")
            mod.leave("lobby")
            simulation.settle()
            #expect(simulation.ask(simulation.post()).status == 202)
            simulation.advance(seconds: 11)
            let back = simulation.join(as: "mod", "moderator")
            #expect(back.events("held") == [] && back.events("joined").map(\.seq).last == 0)
        }
    }

    @Test func `a line that can't be kept is refused`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            _ = HeldScene(simulation)
            let store = try #require(simulation.store)
            store.hang()
            let post = simulation.post(sub: "ann", name: "ann", id: "k")
            let backend = simulation.ask(post)
            store.fail()
            store.hang(false)
            simulation.advance(seconds: 5)
            backend.expect(503, "store_unavailable")
            store.recover()
            simulation.advance(seconds: 5)
            #expect(simulation.ask(post).status == 202)
        }
    }
}
