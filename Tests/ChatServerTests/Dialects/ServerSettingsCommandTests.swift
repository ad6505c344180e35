import Chat
import ChatServer
import Simulation
import TestSupport
import Testing
import WebSocket

/// Settings of a room, which its moderators change.
@Suite struct ServerSettingsCommandTests {
    private func join(_ simulation: Simulation, _ sub: String, _ role: String) -> Client {
        let token = simulation.token(sub, #","name":"\#(sub)","role":"\#(role)""#)
        let client = simulation.connectRichly(with: "Authorization: Bearer \(token)")
        client.join("lobby", as: nil, history: 0, rev: 0, id: "join")
        simulation.settle()
        return client
    }

    private func set(_ client: Client, _ fields: (String, String)..., id: String = "s") {
        client.command("settings", id: id, [("room", "\"lobby\"")] + fields)
    }

    private func codes(
        _ simulation: Simulation, _ client: Client, _ text: String = "hi"
    ) -> String? {
        let (errors, lines) = (client.errors.count, client.lines.count)
        if client.isRich { client.say(text, in: "lobby") } else { client.say(text, as: "bob") }
        simulation.settle()
        if client.errors.count > errors { return client.errors.last?.code }
        return client.lines.count > lines ? "said" : nil
    }

    @Test(arguments: [nil, Disk()])
    func `a setting is told to all and holds at once`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let guest = simulation.enter(as: "guest")
            let plain = simulation.connectPlainly()
            let (ann, mod) = (
                join(simulation, "ann", "member"), join(simulation, "mod", "moderator")
            )
            set(ann, ("frozen", "true"))
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["forbidden"])
            set(mod, ("frozen", "true"), ("pinned", "7"))
            simulation.settle()
            for client in [ann, mod] {
                let told = client.events("room")
                #expect(told.map(\.rev) == [1])
                #expect(told.map(\.settings?.frozen) == [true])
                #expect(told.map(\.settings?.pinned) == [7])
            }
            #expect(mod.events("ack").map(\.rev) == [1])
            #expect(guest.events("room") == [])
            for client in [guest, plain, ann] { #expect(codes(simulation, client) == "frozen") }
            #expect(codes(simulation, mod) == "said")
            set(mod, ("frozen", "false"), ("members_only", "true"), ("pinned", "null"), id: "t")
            simulation.settle()
            for client in [guest, plain] { #expect(codes(simulation, client) == "members_only") }
            #expect(codes(simulation, ann) == "said")
            set(mod, ("members_only", "false"), ("links", "false"), id: "u")
            simulation.settle()
            #expect(codes(simulation, ann, "see https://a.example") == "links_refused")
            #expect(codes(simulation, plain, "see WWW.a.example") == "links_refused")
            #expect(codes(simulation, mod, "see https://a.example") == "said")
            #expect(codes(simulation, plain) == "said")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `slow mode counts for the user`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = join(simulation, "mod", "moderator")
            let (one, other) = (
                join(simulation, "ann", "member"), join(simulation, "ann", "member")
            )
            let plain = simulation.connectPlainly()
            set(mod, ("slow_seconds", "10"))
            simulation.settle()
            #expect(codes(simulation, one) == "said")
            #expect(codes(simulation, other) == "slow_mode")
            #expect(other.errors.last?.retryAfter.map { 9_000...10_000 ~= $0 } == true)
            #expect(codes(simulation, plain) == "said")
            #expect(codes(simulation, plain) == "slow_mode")
            for _ in 1...3 { #expect(codes(simulation, mod) == "said") }
            simulation.advance(seconds: 10)
            #expect(codes(simulation, other) == "said")
            #expect(codes(simulation, one) == "slow_mode")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `panic applies what was prepared and takes it back`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (guest, mod) = (simulation.enter(as: "guest"), join(simulation, "mod", "moderator"))
            set(mod, ("slow_seconds", "3"))
            set(mod, ("panic", #"{"frozen":true}"#), id: "p")
            simulation.settle()
            for isOn in [true, true, false] {
                mod.command(
                    "panic", id: "\(mod.events.count)", [("room", "\"lobby\""), ("on", "\(isOn)")])
                simulation.settle()
                #expect(mod.events("room").last?.settings?.panicking == isOn)
                #expect(mod.events("room").last?.settings?.slowSeconds == 3)
                #expect(codes(simulation, guest) == (isOn ? "frozen" : "said"))
            }
        }
    }

    @Test(arguments: [false, true])
    func `settings outlive the members`(crashes: Bool) throws {
        try playIdentity(disk: crashes ? Disk() : nil) { simulation, _ in
            let mod = join(simulation, "mod", "moderator")
            set(mod, ("members_only", "true"), ("slow_seconds", "5"))
            simulation.settle()
            if crashes { simulation.crash() } else { mod.leave("lobby") }
            simulation.settle()
            let guest = simulation.enter(as: "guest")
            #expect(guest.events("joined").last?.settings?.slowSeconds == 5)
            #expect(codes(simulation, guest) == "members_only")
            let plain = simulation.connectPlainly()
            #expect(codes(simulation, plain) == "members_only")
        }
    }

    @Test func `a line of the plain dialect waits for the settings of its room`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let mod = join(simulation, "mod", "moderator")
            set(mod, ("frozen", "true"))
            simulation.settle()
            let store = try #require(simulation.store)
            for isFrozen in [true, false] {
                mod.leave("lobby")
                simulation.settle()
                store.hang()
                let plain = simulation.connectPlainly()
                plain.say("hi", as: "bob")
                plain.send(.ping, "x".utf8)
                simulation.settle()
                #expect(plain.events == [] && plain.pongs == [])
                store.hang(false)
                simulation.settle()
                #expect(plain.errors.map(\.code) == (isFrozen ? ["frozen"] : []))
                #expect(plain.lines.map(\.message) == (isFrozen ? [] : ["hi"]))
                #expect(plain.pongs.count == 1)
                mod.join("lobby", as: nil, rev: 1, id: "again")
                set(mod, ("frozen", "false"), id: "off")
                simulation.settle()
                plain.link.reset()
            }
        }
    }

    @Test(arguments: [nil, Disk()])
    func `an announcement is a line of the room`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (ann, mod) = (join(simulation, "ann", "vip"), join(simulation, "mod", "moderator"))
            let plain = simulation.connectPlainly()
            for (client, id) in [(ann, "a"), (mod, "b"), (mod, "b")] {
                client.command(
                    "announce", id: id, [("room", "\"lobby\""), ("message", "\"on we go\"")])
                simulation.settle()
            }
            #expect(ann.errors.map(\.code) == ["forbidden"])
            #expect(mod.events("ack").map(\.seq) == [1, 1])
            for client in [ann, plain] {
                #expect(client.lines.map(\.message) == ["on we go"])
                #expect(client.lines.map(\.role) == ["system"])
                #expect(client.lines.map(\.username) == ["lobby"])
                #expect(client.lines.map(\.user) == [nil])
            }
        }
    }
}
