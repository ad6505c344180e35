import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// Raids, and how they end.
@Suite struct ServerPurgeTests {
    /// A room with the lines 1 to 6 of two users and two guests.
    private func scene(_ simulation: Simulation) -> (mod: Client, ann: Client, eve: Client) {
        let (mod, ann) = (simulation.join(as: "mod", "moderator"), simulation.join(as: "ann"))
        let (eve, bob) = (simulation.guest("eve"), simulation.guest("bob"))
        _ = simulation.say(ann, "buy gold")
        _ = simulation.say(eve, "BUY Gold!")
        _ = simulation.say(mod, "no gold here")
        _ = simulation.say(eve, "golden days")
        _ = simulation.say(bob, "hi")
        _ = simulation.say(ann, "hello")
        return (mod, ann, eve)
    }

    @Test(
        arguments: [
            ([("users", #"["ann","nobody"]"#)], [1, 6]),
            ([("username", #""EVE""#)], [2, 4]),
            ([("by_line", "4")], [2, 4]),
            ([("by_line", "6")], [1, 6]),
            ([("matching", #""gold""#)], [1, 2, 3]),
            ([("matching", #""gold""#), ("users", #"["ann"]"#)], [1]),
            ([("from", "2"), ("to", "4")], [2, 3, 4]),
            ([("last_minutes", "1")], [1, 2, 3, 4, 5, 6]),
            ([("username", #""bob""#), ("users", #"["ann"]"#)], [1, 5, 6]),
        ] as [([(String, String)], [UInt64])])
    func `a purge takes the lines that it names`(
        fields: [(String, String)], seqs: [UInt64]
    ) throws {
        for disk in [nil, Disk()] {
            try playIdentity(disk: disk) { simulation, _ in
                let (mod, ann, _) = scene(simulation)
                mod.command("purge", id: "p", [("room", #""lobby""#)] + fields)
                simulation.settle()
                #expect(mod.events("ack").last?.rev == 1)
                for client in [mod, ann] {
                    #expect(client.events("purged").flatMap { $0.seqs ?? [] } == seqs)
                    #expect(client.events("purged").compactMap(\.count).reduce(0, +) == seqs.count)
                }
                let late = simulation.connectRichly()
                late.join("lobby", as: "late", rev: 0, id: "j")
                simulation.settle()
                #expect(late.events("deleted").compactMap(\.seq) == seqs)
                #expect(late.lines.count == 6 - seqs.count)
            }
        }
    }

    @Test(arguments: [nil, Disk()])
    func `lines of equals and betters stay`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, ann, _) = scene(simulation)
            let (other, owner) = (
                simulation.join(as: "other", "moderator"), simulation.join(as: "boss", "owner")
            )
            for client in [other, owner] { #expect(simulation.say(client, "order!") == nil) }
            #expect(simulation.ask(ann, "purge", ["from": "1"]) == "forbidden")
            #expect(simulation.ask(mod, "purge", [:]) == "invalid_command")
            #expect(simulation.ask(mod, "purge", ["by_line": "7"]) == "forbidden")
            #expect(simulation.ask(mod, "purge", ["users": #"["other"]"#]) == "not_found")
            #expect(simulation.ask(mod, "purge", ["from": "1"]) == "ack")
            #expect(mod.events("purged").flatMap { $0.seqs ?? [] } == [1, 2, 3, 4, 5, 6])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a ban takes lines along, and undo brings all back`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, ann, _) = scene(simulation)
            let fields: KeyValuePairs = ["by_line": "1", "purge": "true"]
            #expect(simulation.ask(mod, "ban", fields) == "ack")
            #expect(ann.closeCode == .banned)
            #expect(mod.events("purged").map(\.seqs) == [[1, 6]])
            #expect(mod.events("purged").map(\.user) == ["ann"])
            #expect(simulation.ask(mod, "undo", ["rev": "1"]) == "ack")
            let restored = try #require(mod.events("restored").first)
            #expect((restored.rev, restored.of) == (2, 1))
            #expect(restored.messages?.map(\.seq) == [1, 6])
            #expect(restored.messages?.map(\.message) == ["buy gold", "hello"])
            #expect(restored.messages?.map(\.user) == ["ann", "ann"])
            #expect(simulation.ask(mod, "undo", ["rev": "1"]) == "not_found")
            #expect(simulation.ask(mod, "undo", ["rev": "2"]) == "not_found")
            let late = simulation.join(as: "ann")
            #expect(late.errors == [])
            late.askHistory(of: "lobby", before: 7, limit: 6, id: "h")
            simulation.settle()
            #expect(
                late.events("history").first?.messages?.compactMap(\.message) == [
                    "buy gold", "BUY Gold!", "no gold here", "golden days", "hi", "hello",
                ])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a client that resumes learns what was purged, and what is back`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, _, _) = scene(simulation)
            let epoch = try #require(mod.events("joined").first?.epoch)
            #expect(simulation.ask(mod, "purge", ["username": #""eve""#]) == "ack")
            #expect(simulation.ask(mod, "delete", ["seq": "1"]) == "ack")
            #expect(simulation.ask(mod, "undo", ["rev": "2"]) == "ack")
            let late = simulation.connectRichly()
            late.join("lobby", as: "late", after: (epoch, 6), rev: 0, id: "j")
            simulation.settle()
            #expect(late.events("joined").map(\.recovered) == [true])
            let news = late.events.filter { ["purged", "deleted", "restored"].contains($0.type) }
            #expect(news.map(\.rev) == [1, 2, 3])
            #expect(news.map(\.seqs) == [[2, 4], [1], nil])
            #expect(news.last?.messages?.map(\.message) == ["buy gold"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `the news of a line's return loses its text if it is taken again`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, _, _) = scene(simulation)
            let epoch = try #require(mod.events("joined").first?.epoch)
            #expect(simulation.ask(mod, "delete", ["seqs": "[1,2]"]) == "ack")
            #expect(simulation.ask(mod, "undo", ["rev": "1"]) == "ack")
            #expect(simulation.ask(mod, "delete", ["seq": "1"]) == "ack")
            let late = simulation.connectRichly()
            late.join("lobby", as: "late", after: (epoch, 6), rev: 0, id: "j")
            simulation.settle()
            #expect(late.events("deleted").map(\.rev) == [1, 3])
            #expect(late.events("restored").first?.messages?.map(\.seq) == [2])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `settings and timeouts are undone, for ten minutes`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, ann, _) = scene(simulation)
            let owner = simulation.join(as: "boss", "owner")
            #expect(simulation.ask(mod, "settings", ["slow_seconds": "9"]) == "ack")
            #expect(simulation.ask(mod, "settings", ["frozen": "true", "pinned": "2"]) == "ack")
            #expect(simulation.ask(mod, "undo", ["rev": "1"]) == "ack")
            // What was changed since then stays.
            let settings = try #require(mod.events("room").last?.settings)
            #expect((settings.slowSeconds, settings.frozen, settings.pinned) == (0, true, 2))
            #expect(simulation.ask(mod, "undo", ["rev": "2"]) == "ack")
            #expect(simulation.ask(mod, "timeout", ["user": #""ann""#]) == "ack")
            #expect(simulation.say(ann, "hi") == "timed_out")
            #expect(simulation.ask(mod, "undo", ["rev": "5"]) == "ack")
            #expect(simulation.say(ann, "hi") == nil)
            #expect(simulation.ask(owner, "panic", ["on": "true"]) == "ack")
            #expect(simulation.ask(mod, "undo", ["rev": "7"]) == "forbidden")
            #expect(simulation.ask(owner, "undo", ["rev": "7"]) == "ack")
            #expect(simulation.ask(mod, "delete", ["seq": "1"]) == "ack")
            simulation.advance(milliseconds: 600_000)
            simulation.settle()
            #expect(simulation.ask(mod, "undo", ["rev": "9"]) == "undo_expired")
            #expect(simulation.ask(ann, "undo", ["rev": "9"]) == "forbidden")
        }
    }

    @Test func `lines that a room has forgotten don't come back`() throws {
        try playIdentity { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            #expect(simulation.say(mod, "old") == nil)
            let fields: KeyValuePairs = ["by_line": "1", "purge": "true"]
            #expect(simulation.ask(simulation.join(as: "boss", "owner"), "ban", fields) == "ack")
            for client in simulation.clients { client.link.reset() }
            simulation.settle()
            let boss = simulation.join(as: "boss", "owner")
            #expect(simulation.say(boss, "new") == nil)
            #expect(simulation.ask(boss, "undo", ["rev": "1"]) == "ack")
            #expect(boss.events("restored") == [])
            let (back, late) = (simulation.join(as: "mod", "moderator"), simulation.guest("late"))
            #expect(back.errors == [])
            #expect(late.lines.map(\.message) == ["new"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `the log says who did what`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let (mod, ann, _) = scene(simulation)
            #expect(simulation.ask(mod, "purge", ["username": #""eve""#]) == "ack")
            let fields: KeyValuePairs = ["by_line": "5", "seconds": "60", "reason": #""hm""#]
            #expect(simulation.ask(mod, "timeout", fields) == "ack")
            #expect(simulation.ask(mod, "undo", ["rev": "1"]) == "ack")
            #expect(simulation.ask(ann, "modlog", [:]) == "forbidden")
            #expect(simulation.ask(mod, "modlog", ["limit": "2"]) == "modlog")
            let first = try #require(mod.events("modlog").last)
            #expect(first.entries?.map(\.rev) == [3, 2])
            #expect(first.entries?.map(\.action) == ["undo", "timeout"])
            #expect(first.entries?.map(\.by) == ["mod", "mod"])
            #expect(first.entries?.last?.username == "bob")
            #expect(first.entries?.last?.seconds == 60)
            #expect(first.entries?.last?.reason == "hm")
            #expect(first.more == true)
            #expect(simulation.ask(mod, "modlog", ["before": "2"]) == "modlog")
            let second = try #require(mod.events("modlog").last?.entries?.first)
            #expect(second.action == "purge" && second.undone == 3)
            #expect(second.username == "eve" && second.count == 2)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a raid is purged in slices, and nobody gets a line of it afterwards`(
        disk: Disk?
    ) throws {
        func unlimited(_ limits: inout Limits) { limits.chat.linesPerSecond = 0 }
        try playIdentity(disk: disk, limits: unlimited) { simulation, _ in
            let (mod, slow) = (simulation.join(as: "mod", "moderator"), simulation.guest("slow"))
            let raid = (0..<5).map { simulation.join(as: "raid\($0)") }
            slow.reads = false
            let text = String(repeating: "x", count: 700)
            for number in 1...300 {
                for client in raid { client.say("\(number) \(text)", in: "lobby") }
                mod.say("\(number) in between", in: "lobby")
                simulation.settle()
            }
            let users = "[" + (0..<5).map { "\"raid\($0)\"" }.joined(separator: ",") + "]"
            #expect(simulation.ask(mod, "purge", ["users": users]) == "ack")
            #expect(simulation.say(mod, "over") == nil)
            #expect(disk == nil || mod.events("purged").count > 1)
            let purged = mod.events("purged").flatMap { $0.seqs ?? [] }
            #expect(Set(mod.events("purged").map(\.rev)) == [1])
            let lines = mod.lines.filter { $0.username == "raid0" }.count
            #expect(lines == 300 && purged.count >= (disk == nil ? 1 : 1_500))
            slow.reads = true
            simulation.settle()
            let late = slow.lines.filter { purged.contains($0.seq ?? 0) }
            #expect(late.count < purged.count)
            #expect(slow.lines.last?.message == "over")
        }
    }
}
