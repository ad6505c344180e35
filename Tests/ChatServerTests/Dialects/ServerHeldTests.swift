import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// Lines that wait before they are said, and the moderators that decide about them.
@Suite struct ServerHeldTests {
    private struct Scene {
        let mod, ann, bob, plain: Client
    }

    /// A room that holds lines back for so many seconds, with a moderator, a user, a guest and a
    /// client of the plain dialect.
    private func scene(_ simulation: Simulation, holding seconds: Int = 10) -> Scene {
        let mod = simulation.join(as: "mod", "moderator")
        let scene = Scene(
            mod: mod, ann: simulation.join(as: "ann"), bob: simulation.guest("bob"),
            plain: simulation.connectPlainly())
        #expect(simulation.ask(mod, "settings", ["hold_seconds": "\(seconds)"]) == "ack")
        return scene
    }

    /// A client sends a line that is to wait. Returns the line's name.
    private func hold(_ simulation: Simulation, _ client: Client, _ text: String) -> String? {
        let count = client.events("ack").count
        #expect(simulation.say(client, text) == nil)
        let acks = client.events("ack").dropFirst(count)
        #expect(acks.count == 1 && acks.first?.seq == nil)
        return acks.first?.held
    }

    private func decide(
        _ simulation: Simulation, _ client: Client, _ type: String, _ held: String?
    ) -> String? {
        simulation.ask(client, type, ["held": "\"\(held ?? "?")\""])
    }

    private func texts(_ client: Client) -> [String] { client.lines.compactMap(\.message) }

    @Test(arguments: [nil, Disk()])
    func `a line that is held back reaches moderators at once and others later`(
        disk: Disk?
    ) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation)
            let first = hold(simulation, scene.ann, "one")
            scene.plain.say("two", as: "pat")
            simulation.settle()
            let third = hold(simulation, scene.bob, "three")
            let told = scene.mod.events("held")
            #expect(told.map(\.message) == ["one", "two", "three"])
            #expect(told.map(\.username) == ["ann", "pat", "bob"])
            #expect(told.map(\.user) == ["ann", nil, nil])
            #expect(told.map(\.why) == ["hold", "hold", "hold"])
            #expect([told.first?.held, told.last?.held] == [first, third])
            simulation.advance(seconds: 9)
            for client in [scene.mod, scene.ann, scene.bob, scene.plain] {
                #expect(texts(client) == [] && client.errors.isEmpty)
            }
            for client in [scene.ann, scene.bob, scene.plain] {
                #expect(client.events("held") == [])
            }
            // A moderator's line doesn't wait.
            #expect(simulation.say(scene.mod, "now") == nil)
            #expect(texts(scene.plain) == ["now"])
            simulation.advance(seconds: 2)
            for client in [scene.mod, scene.ann, scene.bob, scene.plain] {
                #expect(texts(client) == ["now", "one", "two", "three"])
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
            let scene = scene(simulation)
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

    @Test(arguments: [nil, Disk()])
    func `moderators decide, once`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation, holding: 600)
            let bad = hold(simulation, scene.bob, "secret words")
            let good = hold(simulation, scene.ann, "good")
            let both = simulation.join(as: "ann")
            for type in ["approve", "reject"] {
                #expect(decide(simulation, scene.ann, type, good) == "forbidden")
                #expect(decide(simulation, scene.bob, type, good) == "forbidden")
                #expect(decide(simulation, scene.mod, type, "99") == "not_found")
                #expect(decide(simulation, scene.mod, type, "no number") == "not_found")
            }
            #expect(decide(simulation, scene.mod, "reject", bad) == "ack")
            #expect(decide(simulation, scene.mod, "approve", good) == "ack")
            #expect(scene.mod.events("ack").suffix(2).map(\.rev) == [2, 3])
            for type in ["approve", "reject"] {
                #expect(decide(simulation, scene.mod, type, bad) == "not_found")
                #expect(decide(simulation, scene.mod, type, good) == "not_found")
            }
            simulation.advance(seconds: 700)
            for client in [scene.ann, scene.bob, scene.plain, scene.mod] {
                #expect(texts(client) == ["good"])
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

    @Test func `lines outlive a crash, and the time in which the server was down`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let scene = scene(simulation, holding: 20)
            let rejected = hold(simulation, scene.bob, "never")
            _ = hold(simulation, scene.bob, "first")
            #expect(decide(simulation, scene.mod, "reject", rejected) == "ack")
            simulation.crash()
            let (mod, eve) = (simulation.join(as: "mod", "moderator"), simulation.guest("eve"))
            #expect(mod.events("held").map(\.message) == ["first"])
            let second = hold(simulation, eve, "second")
            simulation.advance(seconds: 10)
            #expect(texts(eve) == [])
            #expect(decide(simulation, mod, "approve", second) == "ack")
            #expect(texts(eve) == ["second"])
            simulation.advance(seconds: 11)
            #expect(texts(eve) == ["second", "first"])
            simulation.crash()
            let late = simulation.guest("late")
            simulation.advance(seconds: 30)
            #expect(texts(late) == ["second", "first"])
            #expect(simulation.store?.disk.held == [])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a shorter time holds for lines that wait`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation, holding: 600)
            for number in 1...300 {
                scene.bob.say("\(number)", in: "lobby", as: nil, id: nil)
                if number % 50 == 0 { simulation.settle() }
            }
            simulation.advance(seconds: 30)
            #expect(texts(scene.plain) == [])
            #expect(simulation.ask(scene.mod, "settings", ["hold_seconds": "601"]) != "ack")
            #expect(simulation.ask(scene.mod, "settings", ["hold_seconds": "0"]) == "ack")
            simulation.advance(seconds: 1)
            #expect(texts(scene.plain) == (1...300).map { "\($0)" })
            #expect(simulation.say(scene.bob, "at once") == nil)
            #expect(texts(scene.plain).last == "at once")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `lines wait while the room is frozen`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation, holding: 5)
            _ = hold(simulation, scene.bob, "waits")
            let wanted = hold(simulation, scene.ann, "wanted")
            #expect(simulation.ask(scene.mod, "settings", ["frozen": "true"]) == "ack")
            simulation.advance(seconds: 20)
            #expect(texts(scene.plain) == [])
            #expect(decide(simulation, scene.mod, "approve", wanted) == "ack")
            #expect(texts(scene.plain) == ["wanted"])
            #expect(simulation.ask(scene.mod, "settings", ["frozen": "false"]) == "ack")
            simulation.advance(seconds: 1)
            #expect(texts(scene.plain) == ["wanted", "waits"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `bans and purges reject lines that wait`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation, holding: 600)
            let (eve, cat) = (simulation.join(as: "eve"), simulation.guest("cat"))
            let names = [eve, scene.bob, cat].map { hold(simulation, $0, "buy gold") }
            _ = hold(simulation, scene.ann, "hello")
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
            #expect(texts(scene.plain) == ["hello"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a line with a term that holds waits for a moderator`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation, holding: 0)
            let terms = #"[{"term":"odd","action":"hold"},{"term":"bad","action":"block"}]"#
            #expect(simulation.ask(scene.mod, "terms", ["add": terms]) == "ack")
            let names = ["an odd line", "another ODD line"].map {
                hold(simulation, scene.bob, $0)
            }
            scene.plain.say("o-d-d, odd", as: "pat")
            #expect(simulation.say(scene.bob, "odd and bad") == "term_blocked")
            #expect(simulation.say(scene.ann, "fine") == nil)
            #expect(simulation.say(scene.mod, "odd") == nil)
            #expect(scene.mod.events("held").map(\.why) == ["term", "term", "term"])
            simulation.advance(seconds: 900)
            #expect(texts(scene.plain) == ["fine", "odd"])
            #expect(decide(simulation, scene.mod, "approve", names[1]) == "ack")
            #expect(decide(simulation, scene.mod, "reject", names[0]) == "ack")
            #expect(texts(scene.plain) == ["fine", "odd", "another ODD line"])
            #expect(scene.bob.events("released").map(\.seq) == [3])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a moderator that joins learns what waits`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let scene = scene(simulation, holding: 600)
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

    @Test func `a line that can't be kept is refused, and said by nobody`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let scene = scene(simulation)
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
            #expect(texts(scene.plain) == [])
            simulation.store?.recover()
            simulation.advance(seconds: 3)
            #expect(texts(scene.plain) == ["hi"])
        }
    }
}
