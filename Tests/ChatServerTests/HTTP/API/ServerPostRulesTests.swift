import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// Rules of a room hold for lines of requests, whether or not anybody is in the room.
@Suite struct ServerPostRulesTests {
    private static let staff = #","role":"moderator""#

    /// The moderator stays in the room, or leaves it empty.
    private func leave(_ mod: Client, _ isEmpty: Bool, _ simulation: Simulation) {
        guard isEmpty else { return }
        mod.leave("lobby")
        simulation.settle()
    }

    @Test(arguments: [nil, Disk()], [true, false])
    func `terms and links refuse lines`(disk: Disk?, isEmpty: Bool) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let terms = #"[{"term":"buy gold","action":"block"}]"#
            #expect(simulation.ask(mod, "terms", ["add": terms]) == "ack")
            #expect(simulation.ask(mod, "settings", ["links": "false"]) == "ack")
            leave(mod, isEmpty, simulation)
            for (text, code) in [
                ("BUY g\u{200B}old!", "term_blocked"), ("a.example.com", "links_refused"),
            ] {
                simulation.ask(simulation.post(text)).expect(422, code)
                let staff = simulation.post(text, sub: "mod", name: "mod", claims: Self.staff)
                #expect(simulation.ask(staff).status == 201)
            }
            #expect(simulation.ask(simulation.post("gold to buy")).status == 201)
        }
    }

    @Test(arguments: [nil, Disk()], [true, false])
    func `slow mode and repeats count by user`(disk: Disk?, isEmpty: Bool) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let rules: KeyValuePairs = ["slow_seconds": "10", "unique": "true"]
            #expect(simulation.ask(mod, "settings", rules) == "ack")
            leave(mod, isEmpty, simulation)
            #expect(simulation.ask(simulation.post("hello", id: "a")).status == 201)
            let slow = simulation.ask(simulation.post("more"))
            slow.expect(429, "slow_mode")
            #expect(slow.responses?.last?.fields["retry-after"] == "10")
            // The same line again is no repeat.
            #expect(simulation.ask(simulation.post("hello", id: "a")).status == 201)
            #expect(simulation.ask(simulation.post("hello", sub: "u2", name: "Bob")).status == 201)
            simulation.advance(seconds: 10)
            simulation.ask(simulation.post("HELLOOO")).expect(422, "repeated")
            let ann = simulation.join(as: "u1")
            #expect(simulation.say(ann, "hello") == "repeated")
            #expect(simulation.say(ann, "other") == nil)
            simulation.ask(simulation.post("more")).expect(429, "slow_mode")
            for _ in 1...2 {
                let staff = simulation.post(sub: "mod", name: "mod", claims: Self.staff)
                #expect(simulation.ask(staff).status == 201)
            }
        }
    }

    @Test(arguments: [nil, Disk()], [true, false])
    func `a user is known from its first request or join`(disk: Disk?, isEmpty: Bool) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.ask(mod, "settings", ["known_minutes": "1"]) == "ack")
            simulation.ask(simulation.post("early")).expect(403, "too_new")
            simulation.join(as: "u2").leave("lobby")
            simulation.advance(seconds: 30)
            leave(mod, isEmpty, simulation)
            let new = simulation.ask(simulation.post(sub: "u3", name: "Eve"))
            new.expect(403, "too_new")
            #expect(new.responses?.last?.fields["retry-after"] == "60")
            simulation.advance(seconds: 31)
            for (sub, name) in [("u1", "Ann"), ("u2", "Bob")] {
                #expect(simulation.ask(simulation.post(sub: sub, name: name)).status == 201)
            }
            let eve = simulation.join(as: "u3")
            #expect(simulation.say(eve, "hi") == "too_new")
            simulation.advance(seconds: 30)
            #expect(simulation.say(eve, "hi") == nil)
            #expect(simulation.ask(simulation.post(sub: "u3", name: "Eve")).status == 201)
            let staff = simulation.post(sub: "mod2", name: "mod2", claims: Self.staff)
            #expect(simulation.ask(staff).status == 201)
        }
    }

    @Test(arguments: [nil, Disk()], [true, false])
    func `a timeout, and a ban of a name, hold`(disk: Disk?, isEmpty: Bool) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.ask(mod, "settings", ["members_only": "true"]) == "ack")
            #expect(simulation.ask(mod, "timeout", ["user": #""u1""#, "seconds": "60"]) == "ack")
            #expect(simulation.ask(mod, "ban", ["username": #""bad""#]) == "ack")
            leave(mod, isEmpty, simulation)
            let silent = simulation.ask(simulation.post())
            silent.expect(403, "timed_out")
            #expect(silent.responses?.last?.fields["retry-after"] == "60")
            for name in ["BAD", " bad "] {
                let json = #"{"message":"hi","username":"\#(name)"}"#
                let request = simulation.request(
                    "Authorization: Bearer \(simulation.token("u2"))",
                    ["Content-Type: application/json", "Content-Length: \(json.utf8.count)"], json)
                simulation.ask(request).expect(403, "banned")
            }
            simulation.advance(seconds: 61)
            #expect(simulation.ask(simulation.post()).status == 201)
        }
    }
}
