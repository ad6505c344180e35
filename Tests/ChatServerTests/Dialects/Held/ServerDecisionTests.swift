import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// What moderators decide about lines that wait.
@Suite struct ServerDecisionTests {
    @Test(arguments: [nil, Disk()])
    func `moderators decide, once`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation, holding: 600)
            let bad = simulation.hold(scene.bob, "secret words")
            let good = simulation.hold(scene.ann, "good")
            let both = simulation.join(as: "ann")
            for type in ["approve", "reject"] {
                #expect(simulation.decide(scene.ann, type, good) == "forbidden")
                #expect(simulation.decide(scene.bob, type, good) == "forbidden")
                #expect(simulation.decide(scene.mod, type, "99") == "not_found")
                #expect(simulation.decide(scene.mod, type, "no number") == "not_found")
            }
            #expect(simulation.decide(scene.mod, "reject", bad) == "ack")
            #expect(simulation.decide(scene.mod, "approve", good) == "ack")
            #expect(scene.mod.events("ack").suffix(2).map(\.rev) == [2, 3])
            for type in ["approve", "reject"] {
                #expect(simulation.decide(scene.mod, type, bad) == "not_found")
                #expect(simulation.decide(scene.mod, type, good) == "not_found")
            }
            simulation.advance(seconds: 700)
            for client in [scene.ann, scene.bob, scene.plain, scene.mod] {
                #expect(client.texts == ["good"])
            }
            #expect(scene.bob.events("rejected").map(\.held) == [bad])
            #expect(scene.bob.events("released") == [])
            for client in [scene.ann, both] {
                #expect(client.events("released").map(\.held) == [good])
                #expect(client.events("rejected") == [])
            }
            #expect(simulation.ask(scene.mod, "modlog", [:]) == "modlog")
            let entries = scene.mod.events("modlog").last?.entries ?? []
            #expect(entries.map(\.action) == ["approve", "reject", "settings"])
            #expect(entries.prefix(2).map(\.username) == ["ann", "bob"])
            #expect(simulation.ask(scene.mod, "undo", ["rev": "2"]) == "not_found")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `bans and purges reject lines that wait`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation, holding: 600)
            let (eve, cat) = (simulation.join(as: "eve"), simulation.guest("cat"))
            let names = [eve, scene.bob, cat].map { simulation.hold($0, "buy gold") }
            _ = simulation.hold(scene.ann, "hello")
            let ban = simulation.ask(scene.mod, "ban", ["user": #""eve""#])
            #expect(ban == "ack")
            #expect(scene.mod.events("rejected").map(\.held) == [names[0]])
            let timeout = simulation.ask(scene.mod, "timeout", ["username": #""bob""#])
            #expect(timeout == "ack")
            #expect(scene.bob.events("rejected") == [])
            #expect(simulation.ask(scene.mod, "purge", ["matching": #""gold""#]) == "ack")
            #expect(scene.bob.events("rejected").map(\.held) == [names[1]])
            #expect(cat.events("rejected").map(\.held) == [names[2]])
            #expect(simulation.ask(scene.mod, "purge", ["matching": #""gold""#]) == "not_found")
            #expect(simulation.ask(scene.mod, "settings", ["hold_seconds": "0"]) == "ack")
            simulation.advance(seconds: 1)
            #expect(scene.plain.texts == ["hello"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a line with a term that holds waits for a moderator`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation, holding: 0)
            let terms = #"[{"term":"odd","action":"hold"},{"term":"bad","action":"block"}]"#
            #expect(simulation.ask(scene.mod, "terms", ["add": terms]) == "ack")
            let names = ["an odd line", "another ODD line"].map {
                simulation.hold(scene.bob, $0)
            }
            scene.plain.say("o-d-d, odd", as: "pat")
            #expect(simulation.say(scene.bob, "odd and bad") == "term_blocked")
            #expect(simulation.say(scene.ann, "fine") == nil)
            #expect(simulation.say(scene.mod, "odd") == nil)
            #expect(scene.mod.events("held").map(\.why) == ["term", "term", "term"])
            simulation.advance(seconds: 900)
            #expect(scene.plain.texts == ["fine", "odd"])
            #expect(simulation.decide(scene.mod, "approve", names[1]) == "ack")
            #expect(simulation.decide(scene.mod, "reject", names[0]) == "ack")
            #expect(scene.plain.texts == ["fine", "odd", "another ODD line"])
            #expect(scene.bob.events("released").map(\.seq) == [3])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a moderator that joins learns what waits`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = HeldScene(simulation, holding: 600)
            let long = String(repeating: "x", count: 1_900)
            for number in 1...60 {
                scene.ann.say("\(number) \(long)", in: "lobby")
                simulation.settle()
            }
            let other = simulation.join(as: "other", "moderator")
            let told = other.events("held").compactMap { $0.message?.split(separator: " ").first }
            #expect(told.count == 34 && told == (1...34).map { "\($0)" })
            #expect(simulation.join(as: "eve").events("held") == [])
            #expect(simulation.guest("cat").events("held") == [])
        }
    }
}
