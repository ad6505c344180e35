import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// Lines that are deleted by a command.
@Suite struct ServerModerationTests {
    /// A client with a token, in the lobby.
    private func join(
        _ simulation: Simulation, _ sub: String, _ role: String = "member", room: String = "lobby"
    ) -> Client {
        let token = simulation.token(sub, #","name":"\#(sub)","role":"\#(role)""#)
        let client = simulation.connectRichly(with: "Authorization: Bearer \(token)")
        client.join(room, as: nil, history: 0, rev: 0, id: "join")
        simulation.settle()
        return client
    }

    @Test(arguments: [nil, Disk()])
    func `a deleted line is told, marked and left out`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let plain = simulation.connectPlainly()
            let ann = join(simulation, "ann")
            let mod = join(simulation, "mod", "moderator")
            let old = simulation.enter(as: "old")
            for text in ["one", "two", "three"] { ann.say(text, in: "lobby") }
            simulation.settle()
            mod.delete([2], in: "lobby", id: "d")
            simulation.settle()
            #expect(mod.events("ack").map(\.rev) == [1])
            for taker in [ann, mod] {
                #expect(taker.events("deleted").map(\.seqs) == [[2]])
                #expect(taker.events("deleted").map(\.rev) == [1])
            }
            #expect(old.events("deleted") == [])
            ann.say("four", in: "lobby")
            simulation.settle()
            for client in [plain, ann, old] { #expect(client.lines.map(\.seq) == [1, 2, 3, 4]) }

            let late = simulation.connectRichly()
            late.join("lobby", as: "late", rev: 0, id: "j")
            late.askHistory(of: "lobby", before: 4, limit: 3, id: "h")
            let blind = simulation.connectRichly()
            blind.join("lobby", as: "blind")
            blind.askHistory(of: "lobby", before: 4, limit: 3, id: "h")
            simulation.settle()
            #expect(late.events("joined").map(\.rev) == [1])
            #expect(late.lines.map(\.seq) == [1, 3, 4])
            #expect(late.events("deleted").map(\.seq) == [2])
            let asked = try #require(late.events("history").first?.messages)
            #expect(asked.map(\.type) == ["message", "deleted", "message"])
            #expect(asked.map(\.seq) == [1, 2, 3])
            #expect(blind.lines.map(\.seq) == [1, 3, 4])
            #expect(blind.events("deleted") == [])
            #expect(blind.events("history").first?.messages?.map(\.seq) == [1, 3])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `only those may delete that have the right`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let guest = simulation.enter(as: "guest")
            let (ann, mod) = (join(simulation, "ann"), join(simulation, "mod", "moderator"))
            let (other, owner) = (
                join(simulation, "other", "moderator"), join(simulation, "o", "owner")
            )
            for client in [guest, ann, mod, other, owner, ann] {
                client.say("hi", in: "lobby")
                simulation.settle()
            }
            // The lines are 1 (guest), 2 and 6 (ann), 3 (mod), 4 (other) and 5 (owner).
            func deletes(_ client: Client, _ seqs: [UInt64]) -> String? {
                let before = client.events.count
                client.delete(seqs, in: "lobby", id: "\(before)")
                simulation.settle()
                return client.events[before...].last { $0.id == "\(before)" }.map {
                    $0.code ?? "ack"
                }
            }
            #expect(deletes(guest, [1]) == "forbidden")
            #expect(deletes(ann, [1]) == "forbidden")
            #expect(deletes(ann, [2, 3]) == "forbidden")
            #expect(deletes(ann, [2]) == "ack")
            #expect(deletes(ann, [2]) == "not_found")
            #expect(deletes(ann, [7]) == "not_found")
            #expect(deletes(mod, [4]) == "forbidden")
            #expect(deletes(mod, [5]) == "forbidden")
            #expect(deletes(mod, [3, 1, 2]) == "ack")
            #expect(deletes(owner, [4, 5]) == "ack")
            simulation.advance(milliseconds: UInt64(Deletion.ownPeriod) + 1_000)
            simulation.settle()
            #expect(deletes(ann, [6]) == "forbidden")
            #expect(deletes(mod, [6]) == "ack")
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a deletion happens once for each id`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = join(simulation, "mod", "moderator")
            for _ in 1...3 { mod.say("hi", in: "lobby") }
            simulation.settle()
            for seqs in [[1], [1], [2]] as [[UInt64]] { mod.delete(seqs, in: "lobby", id: "d") }
            simulation.settle()
            #expect(mod.events("ack").map(\.rev) == [1, 1])
            #expect(mod.errors.map(\.code) == ["id_reused"])
            #expect(mod.events("deleted").map(\.rev) == [1])
        }
    }

    @Test(arguments: [false, true])
    func `a client that resumes gets the changes in their places`(crashes: Bool) throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let mod = join(simulation, "mod", "moderator")
            for _ in 1...3 { mod.say("hi", in: "lobby") }
            simulation.settle()
            let epoch = try #require(mod.events("joined").first?.epoch)
            mod.delete([1], in: "lobby", id: "a")
            simulation.settle()
            mod.say("four", in: "lobby")
            simulation.settle()
            mod.delete([2, 4], in: "lobby", id: "b")
            simulation.settle()
            if crashes { simulation.crash() }
            let late = simulation.connectRichly()
            late.join("lobby", as: "late", after: (epoch, 3), rev: 0, id: "j")
            simulation.settle()
            #expect(late.events("joined").map(\.recovered) == [true])
            let news = late.events.filter { ["message", "deleted"].contains($0.type) }
            #expect(news.map(\.rev) == [1, nil, 2])
            #expect(news.map(\.seq) == [nil, 4, nil])
            let known = simulation.connectRichly()
            known.join("lobby", as: "known", after: (epoch, 4), rev: 1, id: "j")
            known.join("other", as: "known", after: (epoch, 0), rev: 9, id: "k")
            simulation.settle()
            #expect(known.events("deleted").map(\.rev) == [2])
            #expect(known.events("joined").map(\.recovered) == [true, false])
        }
    }

    @Test func `a laggard gets tombstones and then the change`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let mod = join(simulation, "mod", "moderator")
            let slow = join(simulation, "slow")
            slow.reads = false
            for number in 1...4_000 {
                mod.say("\(number) " + String(repeating: "x", count: 500), in: "lobby")
                if number % 50 == 0 { simulation.settle() }
            }
            simulation.settle()
            mod.delete(Array(3_901...4_000), in: "lobby", id: "d")
            simulation.settle()
            slow.reads = true
            simulation.settle()
            #expect(slow.lines.last?.seq == 3_900)
            let told = slow.events("deleted")
            #expect(told.compactMap(\.seq) == Array(3_901...4_000))
            #expect(told.last?.seqs == Array(3_901...4_000))
            mod.say("on", in: "lobby")
            simulation.settle()
            #expect(slow.lines.last?.seq == 4_001)
        }
    }
}
