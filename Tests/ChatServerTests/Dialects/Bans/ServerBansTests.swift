import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// People that moderators keep out.
@Suite struct ServerBansTests {
    @Test(arguments: [nil, Disk()])
    func `a banned user leaves and doesn't come back`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let ann = simulation.join(as: "ann")
            #expect(
                simulation.ask(mod, "ban", ["user": #""ann""#, "reason": #""spam""#]) == "ack")
            #expect(mod.events("ack").last?.rev == 1)
            #expect(ann.events("left").map(\.code) == ["banned"])
            #expect(ann.events("left").first?.reason == "You are banned: spam")
            // It was her last room.
            #expect(ann.closeCode == .banned)
            let again = simulation.join(as: "ann")
            #expect(again.errors.map(\.code) == ["banned"])
            #expect(simulation.join(as: "ann", room: "other").errors == [])
            #expect(simulation.ask(mod, "unban", ["user": #""ann""#]) == "ack")
            #expect(simulation.ask(mod, "unban", ["user": #""ann""#]) == "not_found")
            again.join("lobby", id: "again")
            simulation.settle()
            #expect(again.events("joined").count == 1)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a client with another room leaves only one`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let ann = simulation.join(as: "ann")
            ann.join("other", id: "other")
            simulation.settle()
            #expect(simulation.ask(mod, "ban", ["user": #""ann""#]) == "ack")
            #expect(ann.events("left").map(\.room) == ["lobby"])
            #expect(ann.phase == .open)
            #expect(simulation.say(ann, "hi") == "not_joined")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `somebody who is timed out reads and can't write`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (ann, bob) = (simulation.join(as: "ann"), simulation.guest("bob"))
            #expect(simulation.say(ann, "one") == nil)
            let fields: KeyValuePairs = ["by_line": "1", "seconds": "60", "reason": #""calm""#]
            #expect(simulation.ask(mod, "timeout", fields) == "ack")
            #expect(simulation.say(ann, "two") == "timed_out")
            let refusal = try #require(ann.errors.last)
            #expect(refusal.reason == "You are timed out for 60 seconds: calm")
            #expect(refusal.retryAfter.map { 59_000...60_000 ~= $0 } == true)
            #expect(simulation.say(bob, "three") == nil)
            #expect(ann.lines.map(\.message) == ["one", "three"])
            simulation.advance(milliseconds: 60_000)
            simulation.settle()
            #expect(simulation.say(ann, "four") == nil)
            #expect(simulation.ask(mod, "timeout", ["user": #""ann""#]) == "ack")
            #expect(simulation.say(ann, "five") == "timed_out")
            #expect(simulation.ask(mod, "unban", ["by_line": "1"]) == "ack")
            #expect(simulation.say(ann, "six") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a ban by name meets guests and users of that name`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (bob, plain) = (simulation.guest("Bob"), simulation.join())
            plain.say("hi", as: "bob")
            plain.say("hi", as: "cy")
            simulation.settle()
            #expect(simulation.ask(mod, "ban", ["username": #""BOB""#]) == "ack")
            #expect(bob.closeCode == .banned)
            #expect(plain.closeCode == nil)
            plain.say("me again", as: "bob")
            simulation.settle()
            #expect(plain.errors.map(\.code) == ["banned"])
            plain.say("hello", as: "cy")
            let other = simulation.guest("dan")
            #expect(simulation.say(other, "hi", as: "bob") == "banned")
            #expect(simulation.say(other, "hi", as: "dan") == nil)
            #expect(mod.lines.map(\.username) == ["bob", "cy", "cy", "dan"])
            #expect(simulation.ask(mod, "unban", ["username": #""bob""#]) == "ack")
            #expect(simulation.say(other, "hi", as: "bob") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a ban survives, and is not for everybody`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let member = simulation.join(as: "ann")
            let guest = simulation.guest("guest")
            for client in [member, guest] {
                for type in ["ban", "timeout", "unban"] {
                    #expect(simulation.ask(client, type, ["user": #""mod""#]) == "forbidden")
                }
                #expect(simulation.ask(client, "bans", [:]) == "forbidden")
            }
            let (other, owner) = (
                simulation.join(as: "other", "moderator"), simulation.join(as: "boss", "owner")
            )
            #expect(simulation.say(owner, "hi") == nil)
            for fields in [
                ["user": #""mod""#], ["user": #""other""#], ["user": #""boss""#],
                ["username": #""boss""#], ["by_line": "1"],
            ] as [KeyValuePairs<String, String>] {
                #expect(simulation.ask(mod, "ban", fields) == "forbidden")
            }
            #expect(simulation.ask(mod, "ban", ["by_line": "2"]) == "not_found")
            #expect(simulation.ask(owner, "ban", ["user": #""other""#]) == "ack")
            #expect(other.closeCode == .banned)
            #expect(simulation.ask(mod, "unban", ["user": #""other""#]) == "forbidden")
            guard disk != nil else { return }
            simulation.crash()
            #expect(simulation.join(as: "other", "moderator").errors.map(\.code) == ["banned"])
            #expect(simulation.join(as: "other", "owner").errors == [])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `only owners of the server ban everywhere`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, owner) = (
                simulation.join(as: "mod", "moderator"), simulation.join(as: "boss", "owner")
            )
            let ann = simulation.join(as: "ann")
            ann.join("other", id: "other")
            simulation.settle()
            #expect(simulation.ask(mod, "ban", ["user": #""ann""#], room: "*") == "forbidden")
            #expect(simulation.ask(owner, "ban", ["user": #""ann""#], room: "*") == "ack")
            #expect(ann.closeCode == .banned)
            #expect(simulation.join(as: "ann", room: "third").errors.map(\.code) == ["banned"])
            #expect(simulation.ask(owner, "delete", ["seq": "1"], room: "*") == "invalid_room")
            #expect(simulation.ask(owner, "timeout", ["username": #""eve""#], room: "*") == "ack")
            let eve = simulation.guest("eve")
            #expect(simulation.say(eve, "hi") == "timed_out")
            #expect(simulation.ask(owner, "unban", ["rev": "2"], room: "*") == "ack")
            #expect(simulation.say(eve, "hi") == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `bans are listed`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            for name in ["a", "b", "c"] {
                #expect(simulation.ask(mod, "ban", ["user": #""\#(name)""#]) == "ack")
            }
            #expect(simulation.ask(mod, "bans", ["after": "1", "limit": "1"]) == "bans")
            let listed = try #require(mod.events("bans").last)
            #expect(listed.bans?.map(\.user) == ["b"])
            #expect(listed.bans?.map(\.rev) == [2])
            #expect(listed.bans?.map(\.by) == ["mod"])
            #expect(listed.more == true)
            #expect(simulation.ask(mod, "timeout", ["username": #""d""#]) == "ack")
            #expect(simulation.ask(mod, "unban", ["rev": "2"]) == "ack")
            #expect(simulation.ask(mod, "bans", [:]) == "bans")
            let all = try #require(mod.events("bans").last)
            #expect(all.bans?.map(\.rev) == [1, 3, 4])
            #expect(all.bans?.map(\.action) == ["ban", "ban", "timeout"])
            #expect(all.more == false)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a ban happens once for each id`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            for user in ["a", "a", "b"] {
                mod.command("ban", id: "x", [("room", #""lobby""#), ("user", "\"\(user)\"")])
            }
            simulation.settle()
            #expect(mod.events("ack").map(\.rev) == [1, 1])
            #expect(mod.errors.map(\.code) == ["id_reused"])
        }
    }
}
