import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// Commands of the rich dialect and their answers.
@Suite struct ServerRichTests {
    @Test func `a client is welcomed, joins, sends lines and leaves`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter("go", as: "ann")
            ann.say("hi", in: "go", id: "a1")
            simulation.settle()
            ann.leave("go", id: "l1")
            simulation.settle()
            #expect(ann.types == ["welcome", "joined", "ack", "message", "left"])
            #expect(ann.events[0].durable == false)
            #expect(ann.joined?.id == "join")
            #expect(ann.joined?.seq == 0)
            #expect(ann.joined?.memberCount == 1)
            #expect(ann.joined?.recovered == nil)
            #expect(ann.events("ack").first?.seq == 1)
            #expect(ann.events("ack").first?.id == "a1")
            #expect(ann.events("ack").first?.time == ann.lines.first?.time)
            #expect(ann.lines.first?.username == "ann")
            #expect(ann.events("left").first?.id == "l1")
        }
    }

    @Test(arguments: [Disk?.none, Disk()])
    func `a message after a join needn't wait for it`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let ann = simulation.connect()
            ann.handshakeRichly()
            ann.join("go", id: "1")
            ann.say("hi", in: "go", id: "2")
            ann.leave("go", id: "3")
            ann.join("go", history: 10, id: "4")
            ann.askMembers(of: "go", id: "5")
            simulation.settle()
            let replies = ann.events.filter { $0.id != nil }
            #expect(Set(replies.compactMap(\.id)) == ["1", "2", "3", "4", "5"])
            #expect(ann.events("members").first?.usernames == ["ann"])
            #expect(ann.errors == [])
            #expect(ann.seqs.last == ann.events("ack").first?.seq)
        }
    }

    @Test func `an error tells the command by its id, or else by its number`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter("go", as: "ann")
            for text in [
                "{", #"{"type":"message","room":"go","message":"\ud83d","id":"a"}"#,
                #"{"type":"message","room":"go","message":"","id":"b"}"#,
                #"{"type":"leave","room":"elsewhere"}"#, #"{"type":"leave","id":1}"#,
            ] { ann.send(.text, text.utf8) }
            simulation.settle()
            #expect(ann.errors.map(\.frame) == [2, 3, nil, 5, 6])
            #expect(ann.errors.map(\.id) == [nil, nil, "b", nil, nil])
            let bob = simulation.enter("go", as: "bob")
            bob.send(.text, "[]".utf8)
            simulation.settle()
            #expect(bob.errors.map(\.frame) == [2])
        }
    }

    @Test func `both dialects share a room and its order`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (simulation.enter(as: "ann"), simulation.join())
            ann.say("1", in: "lobby")
            simulation.settle()
            bob.say("2", as: "bob")
            simulation.settle()
            #expect(ann.lines == bob.lines)
            #expect(ann.lines.map(\.message) == ["1", "2"])
            #expect(ann.seqs == [1, 2])
        }
    }

    @Test func `a name is required, kept and changed by a message`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter(as: nil)
            ann.say("x", in: "lobby", id: "1")
            simulation.settle()
            ann.say("a", in: "lobby", as: "ann", id: "2")
            ann.say("b", in: "lobby", id: "3")
            ann.say("c", in: "lobby", as: "zoe", id: "4")
            ann.say("d", in: "lobby", id: "5")
            ann.askMembers(of: "lobby")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["invalid_username"])
            #expect(ann.errors.map(\.id) == ["1"])
            #expect(ann.lines.map(\.username) == ["ann", "ann", "zoe", "zoe"])
            #expect(ann.events("members").first?.usernames == ["zoe"])
        }
    }

    @Test func `a connection has a limit of rooms`() throws {
        try play(.generous { $0.chat.rooms = 2 }) { simulation in
            let ann = simulation.connectRichly()
            for room in ["a", "b", "c"] { ann.join(room, id: room) }
            ann.join("a", id: "again")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["too_many_rooms"])
            #expect(ann.errors.map(\.id) == ["c"])
            #expect(ann.events("joined").map(\.id) == ["a", "b", "again"])
            ann.leave("b")
            ann.join("c", id: "c2")
            simulation.settle()
            #expect(ann.joined?.id == "c2")
        }
    }

    @Test func `each room has its own lines, and none comes after left`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.connectRichly()
            for room in ["a", "b"] { ann.join(room) }
            let bob = simulation.enter("a", as: "bob")
            bob.join("b", as: "bob")
            bob.say("1", in: "a")
            bob.say("2", in: "b")
            simulation.settle()
            ann.leave("a")
            simulation.settle()
            bob.say("3", in: "a")
            bob.say("4", in: "b")
            simulation.settle()
            #expect(ann.lines.map(\.message) == ["1", "2", "4"])
            #expect(ann.lines.map(\.room) == ["a", "b", "b"])
        }
    }

    @Test func `a client that joins again gets no line twice`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...5)
            ann.join("lobby", as: "zoe", history: 50, id: "again")
            simulation.settle()
            ann.say("6", in: "lobby")
            simulation.settle()
            #expect(ann.seqs == Array(1...6))
            #expect(ann.joined?.id == "again")
            #expect(ann.joined?.seq == 5)
            #expect(ann.lines.last?.username == "zoe")
        }
    }

    @Test func `a room's last lines follow joined, then live ones`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...60)
            let (some, none) = (simulation.enter(history: 3), simulation.enter(history: 0))
            let standard = simulation.enter()
            simulation.say(ann, lines: 61...62)
            #expect(some.joined?.seq == 60)
            #expect(some.seqs == Array(58...62))
            #expect(none.seqs == [61, 62])
            #expect(standard.seqs == Array(11...62))
            #expect(some.types.prefix(3) == ["welcome", "joined", "message"])
        }
    }

    @Test func `the same id is acknowledged with the first number and said once`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            for _ in 0..<3 { ann.say("hi", in: "lobby", id: "x") }
            bob.say("hi", in: "lobby", id: "x")
            ann.say("other", in: "lobby", id: "x")
            simulation.settle()
            #expect(ann.events("ack").map(\.seq) == [1, 1, 1])
            #expect(bob.events("ack").map(\.seq) == [2])
            #expect(ann.errors.map(\.code) == ["id_reused"])
            #expect(ann.seqs == [1, 2])
            simulation.advance(seconds: 301)
            ann.say("other", in: "lobby", id: "x")
            simulation.settle()
            #expect(ann.events("ack").last?.seq == 3)
        }
    }

    @Test func `an id is recognised on another connection with the same name`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            ann.say("hi", in: "lobby", id: "x")
            simulation.settle()
            ann.link.reset()
            simulation.settle()
            let again = simulation.enter()
            again.say("hi", in: "lobby", id: "x")
            simulation.settle()
            #expect(again.events("ack").map(\.seq) == [1])
            #expect(bob.seqs == [1])
        }
    }

    @Test func `refused commands change nothing and get a reason`() throws {
        let limits = Limits.generous {
            $0.chat.linesPerSecond = 1
            $0.chat.lineBurst = 1
        }
        try play(limits) { simulation in
            let ann = simulation.connectRichly()
            ann.say("x", in: "lobby", id: "1")
            ann.leave("lobby", id: "2")
            ann.askMembers(of: "lobby", id: "3")
            ann.askHistory(of: "lobby", before: 1, limit: 1, id: "4")
            ann.join("No", id: "5")
            ann.command("dance", id: "6", [])
            ann.send(.text, "{".utf8)
            ann.join("lobby")
            ann.say("a", in: "lobby")
            ann.say("b", in: "lobby", id: "7")
            simulation.settle()
            #expect(
                ann.errors.map(\.code) == [
                    "not_joined", "not_joined", "not_joined", "not_joined", "invalid_room",
                    "unknown_type", "invalid_json", "rate_limited",
                ])
            #expect(ann.errors.map(\.id) == ["1", "2", "3", "4", "5", "6", nil, "7"])
            #expect(ann.errors.last?.retryAfter == 1_000)
            #expect(ann.lines.map(\.message) == ["a"])
        }
    }

    @Test func `without a store each life of a room has another epoch`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...2)
            let first = try #require(ann.progress)
            ann.leave("lobby")
            ann.join("lobby", after: first)
            simulation.settle()
            #expect(ann.joined?.epoch != first.epoch)
            #expect(ann.joined?.recovered == false)
            #expect(ann.joined?.seq == 0)
            let second = try #require(ann.joined?.epoch)
            simulation.crash()
            let late = simulation.enter(after: (second, 0))
            #expect(late.joined?.recovered == false)
            #expect(late.joined?.epoch != second)
            #expect(late.joined?.epoch != first.epoch)
        }
    }
}
