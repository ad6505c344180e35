import Chat
import ChatServer
import Simulation
import Testing

/// Rules of a room about new authors, repeated texts and links.
@Suite struct ServerRulesTests {
    @Test(arguments: [nil, Disk()])
    func `a text isn't said twice within a minute`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (ann, too) = (simulation.join(as: "ann"), simulation.join(as: "ann"))
            let (bob, plain) = (simulation.guest("bob"), simulation.join(room: "lobby"))
            #expect(simulation.say(bob, "hello") == nil)
            #expect(simulation.ask(mod, "settings", ["unique": "true"]) == "ack")
            #expect(mod.events("room").last?.settings?.unique == true)
            // What was said before the rule doesn't count.
            #expect(simulation.say(bob, "hello") == nil)
            #expect(simulation.say(bob, "HELLOOO") == "repeated")
            #expect(simulation.say(bob, "h\u{435}llo", as: "bobby") == "repeated")
            #expect(simulation.say(bob, "hello you") == nil)
            #expect(simulation.say(ann, "hello") == nil)
            #expect(simulation.say(too, "hello") == "repeated")
            for _ in 1...2 { #expect(simulation.say(mod, "hello") == nil) }
            for _ in 1...2 { plain.say("hello", as: "dan") }
            simulation.settle()
            #expect(plain.errors.map(\.code) == ["repeated"])
            simulation.advance(seconds: 60)
            #expect(simulation.say(too, "hello") == nil)
            #expect(simulation.ask(mod, "settings", ["unique": "false"]) == "ack")
            #expect(simulation.say(too, "hello") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a text that wasn't said is no repeat`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let fields: KeyValuePairs = ["unique": "true", "slow_seconds": "10"]
            #expect(simulation.ask(mod, "settings", fields) == "ack")
            let bob = simulation.guest("bob")
            #expect(simulation.say(bob, "one") == nil)
            #expect(simulation.say(bob, "two") == "slow_mode")
            simulation.advance(seconds: 10)
            #expect(simulation.say(bob, "one") == "repeated")
            #expect(simulation.say(bob, "two") == nil)
            // The next guest may get the place of this one, and is another author.
            bob.close()
            simulation.settle()
            let cy = simulation.guest("bob")
            #expect(simulation.say(cy, "two") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `somebody who is new waits`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (ann, old) = (simulation.join(as: "ann"), simulation.join(room: "lobby"))
            simulation.advance(seconds: 90)
            let (bob, plain) = (simulation.guest("bob"), simulation.join(room: "lobby"))
            #expect(simulation.ask(mod, "settings", ["known_minutes": "1"]) == "ack")
            #expect(mod.events("room").last?.settings?.knownMinutes == 1)
            #expect(simulation.say(bob, "hi") == "too_new")
            #expect(bob.errors.last?.retryAfter.map { 59_000...61_000 ~= $0 } == true)
            for client in [plain, old] { client.say("hi", as: "dan") }
            simulation.settle()
            #expect(plain.errors.map(\.code) == ["too_new"])
            #expect(old.errors == [])
            #expect(simulation.say(ann, "hi") == nil)
            #expect(simulation.say(mod, "hi") == nil)
            // A user is known by its first join, in this room alone. A guest who comes back is new.
            ann.close()
            old.close()
            simulation.settle()
            let back = simulation.join(as: "ann")
            #expect(simulation.say(back, "hi") == nil)
            #expect(simulation.ask(mod, "settings", ["known_minutes": "1"], room: "b") == "ack")
            back.join("b", as: nil, id: "b")
            back.say("hi", in: "b", id: "in b")
            simulation.settle()
            #expect(back.events.last { $0.id == "in b" }?.code == "too_new")
            #expect(simulation.say(simulation.guest("eve"), "hi") == "too_new")
            // A guest that says who it is may have been here before.
            let late = simulation.guest("late")
            late.authenticate(simulation.token("ann", #","name":"ann""#), id: "auth")
            simulation.settle()
            #expect(simulation.say(late, "hi") == nil)
            simulation.advance(seconds: 61)
            #expect(simulation.say(bob, "hi") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `links are what readers take for one`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (bob, vip) = (simulation.guest("bob"), simulation.join(as: "vip", "vip"))
            #expect(simulation.ask(mod, "settings", ["links": "false"]) == "ack")
            for text in ["see a.example.com/x", "gold[.]com", "HTTPS://a.example", "ｗｗｗ.a.b"] {
                #expect(simulation.say(bob, text) == "links_refused")
                #expect(simulation.say(vip, text) == nil)
            }
            #expect(simulation.say(bob, "e.g. 3.14 in main.rs :// www") == nil)
        }
    }
}
