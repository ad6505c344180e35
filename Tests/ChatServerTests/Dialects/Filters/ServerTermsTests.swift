import Chat
import ChatServer
import Identity
import Simulation
import Testing

/// Words and regular expressions that lines may not have.
@Suite struct ServerTermsTests {
    private func add(_ terms: String...) -> KeyValuePairs<String, String> {
        let all = terms.map { #"{"term":"\#($0)","action":"block"}"# }
        return ["add": "[\(all.joined(separator: ","))]"]
    }

    @Test(arguments: [nil, Disk()])
    func `a line that meets a term is refused in both dialects`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (ann, bob) = (simulation.join(as: "ann", "vip"), simulation.guest("bob"))
            let plain = simulation.join(room: "lobby")
            #expect(simulation.ask(mod, "terms", add("buy gold", "/b[a4]d/")) == "ack")
            #expect(mod.events("ack").map(\.rev) == [1])
            for text in ["please BUY g\u{200B}old!", "so b4d"] {
                #expect(simulation.say(ann, text) == "term_blocked")
                #expect(simulation.say(bob, text) == "term_blocked")
                plain.say(text, as: "dan")
                simulation.settle()
                #expect(plain.errors.last?.code == "term_blocked")
                #expect(plain.errors.last?.reason.map { !$0.contains("gold") } == true)
            }
            #expect(simulation.say(mod, "buy gold") == nil)
            #expect(simulation.say(bob, "gold to buy") == nil)
            #expect(simulation.say(bob, "other rooms have no terms") == nil)
            let other = simulation.guest("cy", room: "other")
            other.say("buy gold", in: "other", id: "o")
            simulation.settle()
            #expect(other.errors == [])
            #expect(ann.lines.map(\.message) == bob.lines.map(\.message))
            #expect(simulation.ask(mod, "terms", ["remove": #"["buy gold","/b[a4]d/"]"#]) == "ack")
            #expect(simulation.say(bob, "buy gold, not bad") == nil)
            plain.say("buy gold", as: "dan")
            simulation.settle()
            #expect(bob.lines.last?.message == "buy gold")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `terms of the server hold in every room, and are for its owners`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, owner) = (
                simulation.join(as: "mod", "moderator"), simulation.join(as: "own", "owner")
            )
            let bob = simulation.guest("bob")
            #expect(simulation.ask(mod, "terms", add("spam"), room: "*") == "forbidden")
            #expect(simulation.ask(mod, "terms", [:], room: "*") == "forbidden")
            #expect(simulation.ask(bob, "terms", add("spam")) == "forbidden")
            #expect(simulation.ask(bob, "terms", [:]) == "forbidden")
            #expect(simulation.ask(owner, "terms", add("spam"), room: "*") == "ack")
            #expect(simulation.say(bob, "spam") == "term_blocked")
            let later = simulation.guest("cy", room: "new")
            later.say("spam", in: "new", id: "l")
            let plain = simulation.join(room: "newer")
            plain.say("Spam", as: "dan")
            simulation.settle()
            #expect(later.errors.map(\.code) == ["term_blocked"])
            #expect(plain.errors.map(\.code) == ["term_blocked"])
            #expect(simulation.ask(owner, "undo", ["rev": "1"], room: "*") == "ack")
            #expect(simulation.say(bob, "spam") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a change of terms is all or nothing, and happens once`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, bob) = (simulation.join(as: "mod", "moderator"), simulation.guest("bob"))
            for bad in ["/(/", "...", String(repeating: "x", count: 201)] {
                #expect(simulation.ask(mod, "terms", add("spam", bad)) == "invalid_command")
                #expect(mod.errors.last?.reason?.hasPrefix("\"\(bad.prefix(60))\": ") == true)
            }
            #expect(simulation.say(bob, "spam") == nil)
            for (word, id) in [("one", "x"), ("one", "x"), ("two", "x"), ("two", "y")] {
                mod.command(
                    "terms", id: id,
                    [("room", "\"lobby\"")] + add(word).map { ($0.key, $0.value) })
                simulation.settle()
            }
            #expect(mod.events("ack").map(\.rev) == [1, 1, 2])
            #expect(mod.errors.last?.code == "id_reused")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `moderators see the list in pages, and in their log`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.ask(mod, "terms", [:]) == "terms")
            #expect(mod.events("terms").last?.terms == [])
            #expect(simulation.ask(mod, "terms", add("c", "a", "é", "b")) == "ack")
            #expect(simulation.ask(mod, "terms", ["remove": #"["b"]"#]) == "ack")
            #expect(simulation.ask(mod, "terms", ["limit": "2"]) == "terms")
            #expect(mod.events("terms").last?.terms?.map(\.term) == ["a", "c"])
            #expect(mod.events("terms").last?.terms?.map(\.action) == ["block", "block"])
            #expect(mod.events("terms").last?.more == true)
            #expect(simulation.ask(mod, "terms", ["after": #""c""#, "limit": "2"]) == "terms")
            #expect(mod.events("terms").last?.terms?.map(\.term) == ["é"])
            #expect(mod.events("terms").last?.more == false)
            #expect(simulation.ask(mod, "modlog", [:]) == "modlog")
            let log = try #require(mod.events("modlog").last?.entries)
            #expect(log.map(\.action) == ["terms", "terms"])
            #expect(log.map(\.count) == [1, 4])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `terms can be taken back, except those that have changed since`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, bob) = (simulation.join(as: "mod", "moderator"), simulation.guest("bob"))
            #expect(simulation.ask(mod, "terms", add("one", "two")) == "ack")
            #expect(
                simulation.ask(
                    mod, "terms", ["remove": #"["one"]"#, "add": add("three")[0].value]) == "ack")
            #expect(simulation.say(bob, "one") == nil)
            #expect(simulation.ask(mod, "undo", ["rev": "2"]) == "ack")
            #expect(simulation.say(bob, "one") == "term_blocked")
            #expect(simulation.say(bob, "three") == nil)
            #expect(simulation.ask(mod, "undo", ["rev": "2"]) == "not_found")
            #expect(simulation.ask(mod, "terms", ["remove": #"["two"]"#]) == "ack")
            #expect(simulation.ask(mod, "undo", ["rev": "1"]) == "ack")
            #expect(simulation.say(bob, "one two") == nil)
            #expect(simulation.ask(mod, "terms", [:]) == "terms")
            #expect(mod.events("terms").last?.terms == [])
        }
    }

    @Test(arguments: [false, true])
    func `terms outlive the members and a crash`(crashes: Bool) throws {
        try playIdentity(disk: crashes ? Disk() : nil) { simulation, _ in
            let mod = simulation.join(as: "own", "owner")
            #expect(simulation.ask(mod, "terms", add("spam")) == "ack")
            #expect(simulation.ask(mod, "terms", add("scam"), room: "*") == "ack")
            if crashes { simulation.crash() } else { mod.leave("lobby") }
            simulation.settle()
            let bob = simulation.guest("bob")
            #expect(simulation.say(bob, "spam") == "term_blocked")
            #expect(simulation.say(bob, "scam") == "term_blocked")
            #expect(simulation.say(bob, "hi") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a guest's name may not meet a term either`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, bob) = (simulation.join(as: "mod", "moderator"), simulation.guest("bob"))
            let spam = simulation.guest("big spam")
            let plain = simulation.join(room: "lobby")
            #expect(simulation.ask(mod, "terms", add("spam")) == "ack")
            #expect(simulation.say(bob, "hi", as: "S p a m") == nil)
            #expect(simulation.say(bob, "hi", as: "Spam!") == "invalid_username")
            #expect(simulation.guest("spam").errors.map(\.code) == ["invalid_username"])
            plain.say("hi", as: "spam")
            simulation.settle()
            #expect(plain.errors.map(\.code) == ["invalid_username"])
            // Whoever has the name already keeps reading.
            #expect(simulation.say(spam, "hi") == "invalid_username")
            #expect(simulation.say(spam, "hi", as: "cy") == nil)
            // The name in a token is the operator's.
            #expect(simulation.join(as: "spam").errors == [])
        }
    }
}
