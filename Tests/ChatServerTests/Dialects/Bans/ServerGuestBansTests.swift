import Chat
import ChatServer
import Reactor
import Simulation
import Testing
import WebSocket

/// Guests, whom a line names.
@Suite struct ServerGuestBansTests {
    private let home = SocketAddress(ipv4: 0xC633_6401, port: 1)
    private let neighbour = SocketAddress(ipv4: 0xC633_6402, port: 1)

    @Test(arguments: [nil, Disk()])
    func `a line means its connection, and its name from its address`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let eve = simulation.guest("eve", from: home)
            #expect(simulation.say(eve, "one") == nil)
            // Another name doesn't help.
            #expect(simulation.say(eve, "two", as: "other") == nil)
            #expect(simulation.ask(mod, "timeout", ["by_line": "1"]) == "ack")
            #expect(simulation.say(eve, "three") == "timed_out")
            #expect(simulation.say(eve, "three", as: "third") == "timed_out")
            let (same, other, away) = (
                simulation.guest("EVE", from: home), simulation.guest("dan", from: home),
                simulation.guest("eve", from: neighbour)
            )
            #expect(simulation.say(same, "hi") == "timed_out")
            #expect(simulation.say(other, "hi") == nil)
            #expect(simulation.say(away, "hi") == nil)
            let user = simulation.join(as: "eve", from: home)
            #expect(simulation.say(user, "hi") == nil)
        }
    }

    @Test(arguments: ["eve", " eve", "\u{2003}EVE "])
    func `white space around a name doesn't help`(name: String) throws {
        try playIdentity { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (eve, plain) = (simulation.guest("eve", from: home), simulation.connectPlainly())
            #expect(simulation.ask(mod, "timeout", ["username": #""eve""#]) == "ack")
            #expect(simulation.say(eve, "hi", as: name) == "timed_out")
            plain.say("hi", as: name)
            simulation.settle()
            #expect(plain.errors.map(\.code) == ["timed_out"])
            #expect(simulation.ask(mod, "ban", ["username": #""eve""#]) == "ack")
            #expect(simulation.guest(name, from: home).errors.map(\.code) == ["banned"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a ban of an address meets all its guests, and says how many`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator", from: home)
            let (eve, dan) = (
                simulation.guest("eve", from: home), simulation.guest("dan", from: home)
            )
            let (user, away) = (
                simulation.join(as: "ann", from: home), simulation.guest("eve", from: neighbour)
            )
            #expect(simulation.say(eve, "one") == nil)
            let fields: KeyValuePairs = ["by_line": "1", "scope": #""address""#]
            #expect(simulation.ask(mod, "ban", fields) == "ack")
            #expect(mod.events("ack").last?.connections == 2)
            for client in [eve, dan] { #expect(client.closeCode == .banned) }
            for client in [user, away, mod] { #expect(client.phase == .open) }
            let plain = simulation.join(from: home)
            #expect(plain.closeCode == .banned)
            #expect(simulation.guest("fay", from: home).errors.map(\.code) == ["banned"])
            #expect(simulation.join(from: neighbour).phase == .open)
            // The list shows no address.
            #expect(simulation.ask(mod, "bans", [:]) == "bans")
            #expect(mod.events("bans").last?.bans?.map(\.username) == ["eve"])
            #expect(simulation.ask(mod, "unban", ["username": #""eve""#]) == "ack")
            #expect(simulation.guest("fay", from: home).errors == [])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a private address means nobody else`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let local = SocketAddress(ipv4: 0x0A00_0001, port: 1)
            let mod = simulation.join(as: "mod", "moderator")
            let (eve, dan) = (
                simulation.guest("eve", from: local), simulation.guest("dan", from: local)
            )
            #expect(simulation.say(eve, "one") == nil)
            let fields: KeyValuePairs = ["by_line": "1", "scope": #""address""#]
            #expect(simulation.ask(mod, "ban", fields) == "ack")
            #expect(mod.events("ack").last?.connections == 1)
            #expect(eve.closeCode == .banned)
            #expect(dan.phase == .open)
        }
    }

    @Test func `a guest that gets a token is banned as its user`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.ask(mod, "ban", ["user": #""ann""#]) == "ack")
            let guest = simulation.guest("guest")
            guest.authenticate(simulation.token("ann"), id: "auth")
            simulation.settle()
            #expect(guest.events("left").map(\.code) == ["banned"])
            #expect(guest.closeCode == .banned)
        }
    }

    @Test func `a moderator who is late isn't closed`() throws {
        func strict(_ limits: inout Limits) { limits.chat.errorsPerMinute = 3 }
        try playIdentity(disk: Disk(), limits: strict) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            for _ in 1...10 {
                #expect(simulation.ask(mod, "delete", ["seq": "9"]) == "not_found")
            }
            #expect(mod.phase == .open)
        }
    }
}
