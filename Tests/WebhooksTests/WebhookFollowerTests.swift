import Chat
import Testing

@testable import Webhooks

@Suite struct WebhookFollowerTests {
    private static let day: UInt64 = 86_400_000

    private func room(_ name: String) throws -> RoomName { try #require(RoomName(name)) }

    /// A webhook that is there before the first line.
    private func receiver(
        kinds: Set<WebhookEventKind> = WebhookEventKind.standard, rooms: String = "*"
    ) throws -> Receiver {
        var receiver = Receiver(kinds: kinds, rooms: rooms)
        try receiver.run()
        return receiver
    }

    @Test func `lines come in order, many in a request`() throws {
        var receiver = try receiver()
        for number in 1...1_000 { receiver.say("\(number)") }
        #expect(try receiver.run())
        #expect(receiver.seqs() == Array(1...1_000))
        #expect(receiver.tries.count == 4)
        #expect(Set(receiver.got.map(\.id)).count == 1_000)
        #expect(receiver.follower.report.delivered == 1_000)
    }

    @Test func `a new webhook is told of what comes from now on`() throws {
        var receiver = Receiver()
        receiver.say("before")
        try receiver.run()
        receiver.say("after")
        receiver.say("in a new room", in: try room("new"))
        try receiver.run()
        #expect(receiver.seqs() == [2])
        #expect(receiver.seqs(of: try room("new")) == [1])
    }

    @Test func `a crash at any time loses nothing and changes no id`() throws {
        var receiver = try receiver()
        let other = try room("other")
        var generator = SystemRandomNumberGenerator()
        for round in 0..<200 {
            for number in 0...round % 7 { receiver.say("\(round) \(number)") }
            receiver.say("\(round)", in: other)
            switch UInt8.random(in: 0..<4, using: &generator) {
            case 0: try receiver.runIntoCrash()
            case 1: receiver.crash()
            case 2: try receiver.run(until: receiver.now + 500) { _ in nil }
            default: try receiver.run()
            }
            receiver.pass(100)
        }
        try receiver.run()
        #expect(receiver.seqs() == Array(1...UInt64(receiver.seqs().count)))
        #expect(receiver.seqs().count == (0..<200).reduce(0) { $0 + $1 % 7 + 1 })
        #expect(receiver.seqs(of: other) == Array(1...200))
        for (id, events) in Dictionary(grouping: receiver.got, by: \.id) {
            #expect(Set(events.map(\.json)).count == 1, "\(id)")
        }
    }

    @Test(arguments: [500, 404, 301, 307, 429, nil] as [Int?])
    func `what is refused is tried again with the same id`(status: Int?) throws {
        var receiver = try receiver()
        for number in 1...3 { receiver.say("\(number)") }
        try receiver.run { $0 < 6 ? status : 200 }
        #expect(receiver.seqs() == [1, 2, 3])
        #expect(receiver.tries.count == 6)
        #expect(Set(receiver.ids).count == 1)
        // Lines that come meanwhile are not in it.
        receiver.say("4")
        try receiver.run(until: receiver.now + 600) { _ in status }
        receiver.say("5")
        try receiver.run()
        #expect(receiver.seqs() == [1, 2, 3, 4, 5])
    }

    @Test func `a receiver that wants no more gets no more until it is begun anew`() throws {
        var receiver = try receiver()
        receiver.say("1")
        try receiver.run { _ in 410 }
        receiver.pass(Self.day / 2)
        receiver.say("2")
        try receiver.run()
        #expect(receiver.got.isEmpty)
        receiver.crash()
        try receiver.run()
        #expect(receiver.seqs() == [1, 2])
    }

    @Test func `after less than a day nothing is missing`() throws {
        var receiver = try receiver()
        for _ in 0..<23 {
            receiver.say("each hour")
            try receiver.run(until: receiver.now + 3_600_000) { _ in nil }
        }
        #expect(receiver.tries.count < 70)
        try receiver.run()
        #expect(receiver.seqs() == Array(1...23))
        #expect(!receiver.types.contains("gap"))
    }

    @Test func `what is older than a day is given up and told as a gap`() throws {
        var receiver = try receiver()
        for _ in 0..<48 {
            receiver.say("each hour")
            try receiver.run(until: receiver.now + 3_600_000) { _ in nil }
        }
        try receiver.run()
        let gap = try #require(receiver.got.first)
        #expect(gap.type == "gap")
        let first = try #require(receiver.seqs().first)
        #expect(gap.json.contains(#""from":1"#) && gap.json.contains(#""to":\#(first - 1)"#))
        #expect(gap.json.contains(#""missed":\#(first - 1)"#))
        #expect(receiver.seqs() == Array(first...48))
        #expect(23...26 ~= first)
        #expect(receiver.types.filter { $0 == "gap" }.count == 1)
        #expect(receiver.follower.report.givenUp == first - 1)
    }

    @Test func `a restart tries at once, also what is older than a day`() throws {
        var receiver = try receiver()
        receiver.say("1")
        try receiver.run(until: receiver.now + 600_000) { _ in nil }
        receiver.pass(3 * Self.day)
        receiver.say("2")
        receiver.crash()
        let start = receiver.now
        try receiver.run()
        #expect(receiver.tries.last == start)
        #expect(receiver.seqs() == [1, 2])
    }

    @Test func `lines that retention has taken are told as a gap`() throws {
        var receiver = try receiver()
        receiver.say("1")
        try receiver.run()
        for number in 2...9 { receiver.say("\(number)") }
        receiver.store.prune(.lobby, before: 6)
        try receiver.run()
        #expect(receiver.types == ["message", "gap"] + Array(repeating: "message", count: 4))
        #expect(receiver.got[1].json.contains(#""missed":4"#))
        #expect(receiver.seqs() == [1, 6, 7, 8, 9])
    }

    @Test func `the text of a deleted line is not sent`() throws {
        var receiver = try receiver()
        for text in ["one", "secret", "three"] { receiver.say(text) }
        try receiver.run(until: receiver.now + 400) { _ in 500 }
        receiver.store.delete(2, in: .lobby, at: receiver.time)
        receiver.say("four")
        try receiver.run()
        #expect(!receiver.got.contains { $0.json.contains("secret") })
        #expect(
            receiver.types == ["message", "deleted", "message", "deleted", "message"])
        #expect(receiver.got[3].json.contains(#""rev":1"#))
    }

    @Test func `changes stand where they were made`() throws {
        var receiver = try receiver()
        receiver.say("1")
        receiver.say("2")
        receiver.store.delete(1, in: .lobby, at: receiver.time)
        receiver.say("3")
        receiver.store.delete(3, in: .lobby, at: receiver.time)
        try receiver.run()
        #expect(receiver.got.map(\.seq) == [1, 2, nil, 3, nil])
    }

    @Test func `it gets what it asks for`() throws {
        let club = try room("club.a")
        var receiver = try receiver(kinds: [.deleted], rooms: "club.*")
        for room in [RoomName.lobby, club] {
            receiver.say("1", in: room)
            receiver.store.delete(1, in: room, at: receiver.time)
        }
        try receiver.run()
        #expect(receiver.got.map(\.type) == ["deleted"])
        #expect(receiver.got.map(\.room) == ["club.a"])
        #expect(receiver.follower.report.pending == 0)
    }

    @Test func `after an epoch it goes back to the last line that is certain`() throws {
        var receiver = try receiver()
        for number in 1...5 { receiver.say("\(number)") }
        try receiver.run()
        receiver.store.lose(.lobby, behind: 3)
        receiver.pass(10)
        receiver.say("another 4")
        receiver.crash()
        try receiver.run()
        #expect(receiver.got.map(\.seq) == [1, 2, 3, 4, 5, 4])
        #expect(Set(receiver.got.map(\.id)).count == 6)
    }

    @Test func `a store that can't be read is no end`() throws {
        var receiver = try receiver()
        receiver.say("1")
        receiver.store.isFailing = true
        #expect(throws: StoredRooms.Failure.self) { try receiver.run() }
        receiver.store.isFailing = false
        try receiver.run()
        #expect(receiver.seqs() == [1])
    }
}
