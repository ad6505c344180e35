import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// Lines that wait before they are said.
@Suite struct ServerHeldTests {
    @Test(arguments: [nil, Disk()])
    func `a line that is held back reaches moderators at once and others later`(
        disk: Disk?
    ) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation)
            let first = simulation.hold(scene.ann, "one")
            scene.plain.say("two", as: "pat")
            simulation.settle()
            let third = simulation.hold(scene.bob, "three")
            let told = scene.mod.events("held")
            #expect(told.map(\.message) == ["one", "two", "three"])
            #expect(told.map(\.username) == ["ann", "pat", "bob"])
            #expect(told.map(\.user) == ["ann", nil, nil])
            #expect(told.map(\.why) == ["hold", "hold", "hold"])
            #expect([told.first?.held, told.last?.held] == [first, third])
            simulation.advance(seconds: 9)
            for client in [scene.mod, scene.ann, scene.bob, scene.plain] {
                #expect(client.texts == [] && client.errors.isEmpty)
            }
            for client in [scene.ann, scene.bob, scene.plain] {
                #expect(client.events("held") == [])
            }
            // A moderator's line doesn't wait.
            #expect(simulation.say(scene.mod, "now") == nil)
            #expect(scene.plain.texts == ["now"])
            simulation.advance(seconds: 2)
            for client in [scene.mod, scene.ann, scene.bob, scene.plain] {
                #expect(client.texts == ["now", "one", "two", "three"])
                #expect(client.lines.map(\.seq) == [1, 2, 3, 4])
            }
            #expect(scene.ann.events("released").map(\.held) == [first])
            #expect(scene.ann.events("released").map(\.seq) == [2])
            #expect(scene.bob.events("released").map(\.held) == [third])
            #expect(scene.mod.events("released").map(\.seq) == [2, 3, 4])
            #expect(scene.plain.events.filter { $0.type != "message" } == [])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a repeat gets the same answer, before and after`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation)
            let again = simulation.join(as: "ann")
            for client in [scene.ann, scene.ann, again] {
                client.say("once", in: "lobby", id: "k")
            }
            simulation.settle()
            let names = (scene.ann.events("ack") + again.events("ack")).map(\.held)
            #expect(names.count == 3 && Set(names).count == 1 && names[0] != nil)
            again.say("other", in: "lobby", id: "k")
            simulation.settle()
            #expect(again.errors.map(\.code) == ["id_reused"])
            #expect(scene.mod.events("held").count == 1)
            if disk != nil {
                simulation.crash()
                let back = simulation.join(as: "ann")
                back.say("once", in: "lobby", id: "k")
                simulation.settle()
                #expect(back.events("ack").map(\.held) == [names[0]])
            }
            simulation.advance(seconds: 11)
            let last = simulation.join(as: "ann")
            last.say("once", in: "lobby", id: "k")
            simulation.settle()
            #expect(last.events("ack").map(\.seq) == [1])
            #expect(last.events("ack").map(\.held) == [nil])
        }
    }

    @Test func `lines outlive a crash, and the time in which the server was down`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let scene = HeldScene(simulation, holding: 20)
            let rejected = simulation.hold(scene.bob, "never")
            _ = simulation.hold(scene.bob, "first")
            #expect(simulation.decide(scene.mod, "reject", rejected) == "ack")
            simulation.crash()
            let (mod, eve) = (simulation.join(as: "mod", "moderator"), simulation.guest("eve"))
            #expect(mod.events("held").map(\.message) == ["first"])
            let second = simulation.hold(eve, "second")
            simulation.advance(seconds: 10)
            #expect(eve.texts == [])
            #expect(simulation.decide(mod, "approve", second) == "ack")
            #expect(eve.texts == ["second"])
            simulation.advance(seconds: 11)
            #expect(eve.texts == ["second", "first"])
            simulation.crash()
            let late = simulation.guest("late")
            simulation.advance(seconds: 30)
            #expect(late.texts == ["second", "first"])
            #expect(simulation.store?.disk.held == [])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a line that waits counts for the other rules`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation)
            let rules: KeyValuePairs = ["unique": "true", "links": "false"]
            #expect(simulation.ask(scene.mod, "settings", rules) == "ack")
            #expect(simulation.hold(scene.bob, "the same words") != nil)
            #expect(simulation.say(scene.bob, "the same words") == "repeated")
            #expect(simulation.say(scene.bob, "see https://a.example") == "links_refused")
            #expect(scene.mod.events("held").count == 1)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a shorter time holds for lines that wait`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation, holding: 600)
            for number in 1...300 {
                scene.bob.say("\(number)", in: "lobby", as: nil, id: nil)
                if number % 50 == 0 { simulation.settle() }
            }
            simulation.advance(seconds: 30)
            #expect(scene.plain.texts == [])
            #expect(simulation.ask(scene.mod, "settings", ["hold_seconds": "601"]) != "ack")
            #expect(simulation.ask(scene.mod, "settings", ["hold_seconds": "0"]) == "ack")
            simulation.advance(seconds: 1)
            #expect(scene.plain.texts == (1...300).map { "\($0)" })
            #expect(simulation.say(scene.bob, "at once") == nil)
            #expect(scene.plain.texts.last == "at once")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `lines wait while the room is frozen`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation, holding: 5)
            _ = simulation.hold(scene.bob, "waits")
            let wanted = simulation.hold(scene.ann, "wanted")
            #expect(simulation.ask(scene.mod, "settings", ["frozen": "true"]) == "ack")
            simulation.advance(seconds: 20)
            #expect(scene.plain.texts == [])
            #expect(simulation.decide(scene.mod, "approve", wanted) == "ack")
            #expect(scene.plain.texts == ["wanted"])
            #expect(simulation.ask(scene.mod, "settings", ["frozen": "false"]) == "ack")
            simulation.advance(seconds: 1)
            #expect(scene.plain.texts == ["wanted", "waits"])
        }
    }

    @Test func `a line that can't be kept is refused, and said by nobody`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let scene = HeldScene(simulation)
            simulation.store?.hang()
            scene.ann.say("hi", in: "lobby", id: "k")
            simulation.settle()
            simulation.store?.fail()
            simulation.store?.hang(false)
            simulation.advance(seconds: 1)
            #expect(scene.ann.errors.map(\.code) == ["store_unavailable"])
            simulation.store?.recover()
            simulation.settle()
            scene.ann.say("hi", in: "lobby", id: "k")
            simulation.settle()
            #expect(scene.ann.events("ack").last?.held != nil)
            // While the store fails, lines go on waiting.
            simulation.store?.fail()
            simulation.advance(seconds: 15)
            #expect(scene.plain.texts == [])
            simulation.store?.recover()
            simulation.advance(seconds: 3)
            #expect(scene.plain.texts == ["hi"])
        }
    }
}
