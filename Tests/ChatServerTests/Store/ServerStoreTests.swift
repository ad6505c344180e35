import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// Lines are stored before any client gets them.
@Suite struct ServerStoreTests {
    private static let lobby = RoomName.lobby

    private static func slow(_ change: (inout StoreFaults) -> Void) -> StoreFaults {
        var faults = StoreFaults()
        change(&faults)
        return faults
    }

    @Test func `a line is delivered and acknowledged once it is stored`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let (ann, bob) = (simulation.enter(), simulation.join())
            store.hang()
            ann.say("hi", in: "lobby", id: "1")
            bob.say("ho", as: "bob")
            simulation.settle()
            #expect(ann.seqs == [] && bob.seqs == [] && ann.events("ack") == [])
            store.hang(false)
            simulation.settle()
            #expect(ann.seqs == [1, 2] && bob.seqs == [1, 2])
            #expect(ann.events("ack").map(\.seq) == [1])
            #expect(store.disk.lines(of: Self.lobby).map(\.message) == ["hi", "ho"])
            #expect(ann.events[0].durable == true)
        }
    }

    @Test func `lines that arrive while a group is stored form the next group`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            store.hang()
            for number in 1...20 {
                ann.say("\(number)", in: "lobby")
                simulation.settle()
            }
            store.hang(false)
            simulation.settle()
            let groups = store.requests.compactMap { request in
                if case .append(let drafts) = request { drafts.count } else { nil }
            }
            #expect(groups == [1, 19])
            #expect(ann.seqs == Array(1...20))
        }
    }

    @Test func `a repeated id is acknowledged together with its pending line`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            store.hang()
            ann.say("hi", in: "lobby", id: "x")
            simulation.settle()
            let again = simulation.connectRichly()
            store.hang(false)
            again.join("lobby")
            simulation.settle()
            store.hang()
            ann.say("ho", in: "lobby", id: "y")
            simulation.settle()
            again.say("ho", in: "lobby", id: "y")
            again.say("other", in: "lobby", id: "y")
            simulation.settle()
            #expect(again.events("ack") == [])
            #expect(again.errors.map(\.code) == ["id_reused"])
            store.hang(false)
            simulation.settle()
            #expect(ann.events("ack").map(\.seq) == [1, 2])
            #expect(again.events("ack").map(\.seq) == [2])
            #expect(again.seqs == [1, 2])
        }
    }

    @Test func `a join waits for the store and holds the commands behind it`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            store.hang()
            let bob = simulation.join(room: "go")
            let ann = simulation.connectRichly()
            ann.join("go", id: "1")
            ann.say("hi", in: "go", id: "2")
            ann.askMembers(of: "go", id: "3")
            ann.send(.ping, "x".utf8)
            simulation.settle()
            #expect(ann.types == ["welcome"])
            #expect(store.requests == [.follow(try #require(RoomName("go")))])
            store.hang(false)
            simulation.settle()
            #expect(ann.events.compactMap(\.id).sorted() == ["1", "2", "3"])
            #expect(ann.seqs == [1] && bob.seqs == [1])
            #expect(ann.pongs.count == 1)
        }
    }

    @Test func `a client that wasn't read while the store hung doesn't count as silent`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...3)
            simulation.crash()
            let bob = simulation.enter(as: "bob", history: 0)
            try #require(simulation.store).hang()
            bob.askHistory(of: "lobby", before: 3, limit: 2, id: "1")
            bob.askMembers(of: "lobby", id: "2")
            simulation.advance(seconds: 60)
            try #require(simulation.store).hang(false)
            bob.reads = false
            simulation.advance(seconds: 3)
            bob.reads = true
            simulation.settle()
            #expect(bob.closeCode == nil)
            #expect(bob.events.compactMap(\.id).suffix(2) == ["1", "2"])
            bob.answersPings = false
            simulation.advance(seconds: 40)
            #expect(bob.closeCode == .internalError)
        }
    }

    @Test func `the server waits for a store that isn't open yet`() throws {
        let faults = Self.slow { $0.opening = 5_000 }
        try play(.generous(), disk: Disk(), storeFaults: faults) { simulation in
            let (bob, ann) = (simulation.join(), simulation.connectRichly())
            ann.join("lobby", id: "1")
            bob.say("hi", as: "bob")
            let probe = simulation.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            simulation.settle()
            #expect(probe.status == 200)
            #expect(ann.joined == nil && bob.lines == [])
            simulation.advance(seconds: 6)
            probe.send("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            simulation.settle()
            #expect(probe.status == 200)
            #expect(ann.joined?.id == "1")
            #expect(bob.seqs == [1])
        }
    }

    @Test func `a store that can't be opened refuses joins and lines, then takes them`() throws {
        let faults = Self.slow {
            $0.opening = 5_000
            $0.failsToOpen = true
        }
        try play(.generous(), disk: Disk(), storeFaults: faults) { simulation in
            let (bob, ann) = (simulation.join(), simulation.connectRichly())
            simulation.advance(milliseconds: 1)
            ann.join("lobby", id: "1")
            bob.say("hi", as: "bob")
            simulation.settle()
            #expect(ann.errors.map(\.code) == ["store_unavailable"])
            #expect(bob.errors.map(\.code) == ["store_unavailable"])
            simulation.advance(seconds: 6)
            ann.join("lobby", id: "2")
            bob.say("ho", as: "bob")
            simulation.settle()
            #expect(ann.joined?.id == "2")
            #expect(ann.lines.map(\.message) == ["ho"])
        }
    }

    @Test func `lines that can't be stored are refused, and the room recovers by itself`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let (ann, bob) = (simulation.enter(), simulation.join())
            ann.say("a", in: "lobby", id: "1")
            simulation.settle()
            store.hang()
            ann.say("b", in: "lobby", id: "2")
            bob.say("c", as: "bob")
            simulation.settle()
            store.fail()
            store.hang(false)
            simulation.settle()
            ann.say("d", in: "lobby", id: "3")
            let probe = simulation.ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(probe.status == 503)
            #expect(ann.errors.map(\.code) == ["store_unavailable", "store_unavailable"])
            #expect(ann.errors.map(\.id) == ["2", "3"])
            #expect(ann.errors.map(\.retryAfter) == [1_000, 1_000])
            #expect(bob.errors.map(\.code) == ["store_unavailable"])
            #expect(ann.seqs == [1])
            store.recover()
            simulation.settle()
            // Its number was taken back, and its id is free again.
            ann.say("b", in: "lobby", id: "2")
            simulation.settle()
            #expect(ann.seqs == [1, 2] && bob.seqs == [1, 2])
            #expect(ann.events("ack").map(\.seq) == [1, 2])
        }
    }

    @Test func `a failing store doesn't affect members that only read`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...5)
            store.fail()
            let late = simulation.enter(history: 3)
            late.askHistory(of: "lobby", before: 3, limit: 10, id: "h")
            simulation.settle()
            #expect(late.seqs == [3, 4, 5])
            #expect(late.events("history").first?.messages?.compactMap(\.seq) == [1, 2])
            store.recover()
        }
    }

    @Test func `a room without members keeps its numbers`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...3)
            let progress = try #require(ann.progress)
            ann.leave("lobby")
            simulation.settle()
            let bob = simulation.enter(as: "bob", after: (progress.epoch, 1))
            #expect(bob.joined?.epoch == progress.epoch)
            #expect(bob.joined?.seq == 3)
            #expect(bob.joined?.recovered == true)
            #expect(bob.seqs == [2, 3])
            simulation.say(bob, lines: 4...4)
            #expect(bob.seqs == [2, 3, 4])
        }
    }

    @Test func `a client that enters while a line is pending misses nothing`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...3)
            store.hang()
            ann.say("4", in: "lobby")
            ann.leave("lobby")
            let bob = simulation.connectRichly()
            bob.join("lobby", as: "bob", history: 0)
            simulation.settle()
            store.hang(false)
            simulation.settle()
            simulation.say(bob, lines: 5...6)
            let first = try #require(bob.joined?.seq) + 1
            #expect(bob.seqs == Array(first...6))
            #expect(first >= 4)
        }
    }
}
