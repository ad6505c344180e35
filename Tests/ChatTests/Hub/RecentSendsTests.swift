import Testing

@testable import Chat

@Suite struct RecentSendsTests {
    private static let time = Timestamp(milliseconds: 1_769_860_800_000)
    private static let period = UInt64(RecentSends.period)

    private static func draft(
        _ text: String = "hi", key: String = "x", room: RoomName = .lobby, as name: String = "ann"
    ) -> Draft {
        Draft(
            room: room, time: time, username: name, message: text, key: key)
    }

    /// A wrapper for use in expectations, which copy what they call.
    private final class Memory {
        private var sends: RecentSends

        init(bytes: Int = .max) { sends = RecentSends(bytes: bytes) }

        var bytes: Int { sends.bytes }
        var count: Int { sends.count }
        func status(_ draft: Draft) -> RecentSends.Status { sends.status(of: draft) }
        func sent(_ draft: Draft, ticket: UInt64, at now: UInt64 = 0) {
            sends.sent(draft, ticket: ticket, at: now)
        }

        func stored(_ draft: Draft, seq: UInt64) { sends.stored(draft, seq: seq) }
        func failed(_ draft: Draft) { sends.failed(draft) }

        /// Remembers a draft that was stored, at 0 on the monotonic clock and `age` after the line.
        func remember(_ draft: Draft, seq: UInt64, age: Int64) {
            let send = StoredSend(
                room: draft.room, username: draft.username, key: draft.key ?? "", seq: seq,
                time: draft.time, digest: RecentSends.digest(of: draft.message))
            let time = Timestamp(milliseconds: draft.time.milliseconds + age)
            sends.remember(send, at: 0, time: time)
        }

        func forget(at now: UInt64, atMost limit: Int = 100) {
            sends.forget(at: now, atMost: limit)
        }
    }

    @Test func `a key belongs to the user, or to a guest's name`() {
        func draft(as name: String, _ user: String?) -> Draft {
            Draft(
                room: .lobby, time: Self.time, username: name, message: "hi",
                by: Author(user: user), key: "x")
        }
        let memory = Memory()
        memory.sent(draft(as: "ann", "u1"), ticket: 7)
        #expect(memory.status(draft(as: "bob", "u1")) == .pending(ticket: 7))
        for other in [draft(as: "u1", nil), draft(as: "ann", nil), draft(as: "ann", "u2")] {
            #expect(memory.status(other) == .new)
        }
    }

    @Test func `a key is new, then pending, then stored`() {
        let (memory, draft) = (Memory(), Self.draft())
        #expect(memory.status(draft) == .new)
        memory.sent(draft, ticket: 7)
        #expect(memory.status(draft) == .pending(ticket: 7))
        memory.stored(draft, seq: 42)
        #expect(memory.status(draft) == .stored(seq: 42, time: draft.time))
    }

    @Test func `a key belongs to a name in a room`() throws {
        let memory = Memory()
        memory.sent(Self.draft(), ticket: 0)
        let other = try #require(RoomName("other"))
        #expect(memory.status(Self.draft(as: "bob")) == .new)
        #expect(memory.status(Self.draft(room: other)) == .new)
        #expect(memory.status(Self.draft(key: "y")) == .new)
        #expect(memory.status(Self.draft("ho")) == .otherText)
        memory.stored(Self.draft(), seq: 1)
        #expect(memory.status(Self.draft("ho")) == .otherText)
    }

    @Test(arguments: ByteTextTests.equivalents)
    func `ids, names and texts that only look the same are different`(one: String, other: String) {
        for (first, second) in [
            (Self.draft(key: one), Self.draft(key: other)),
            (Self.draft(as: one), Self.draft(as: other)),
        ] {
            let memory = Memory()
            memory.sent(first, ticket: 0)
            #expect(memory.status(second) == .new)
            memory.sent(second, ticket: 1)
            #expect(memory.status(first) == .pending(ticket: 0))
            #expect(memory.status(second) == .pending(ticket: 1))
        }
        let memory = Memory()
        memory.sent(Self.draft(one), ticket: 0)
        #expect(memory.status(Self.draft(other)) == .otherText)
    }

    @Test func `a line that failed is new again and keeps its later position`() {
        let memory = Memory()
        let draft = Self.draft()
        memory.sent(draft, ticket: 0)
        memory.failed(draft)
        #expect(memory.status(draft) == .new)
        memory.sent(draft, ticket: 1, at: 200_000)
        memory.stored(draft, seq: 3)
        memory.forget(at: Self.period + 1)
        #expect(memory.status(draft) == .stored(seq: 3, time: Self.time))
        memory.forget(at: 200_000 + Self.period + 1)
        #expect(memory.status(draft) == .new)
    }

    @Test func `keys are known for five minutes and forgotten a few at a time`() {
        let memory = Memory()
        for key in 0..<10 {
            let draft = Self.draft(key: "\(key)")
            memory.sent(draft, ticket: UInt64(key))
            memory.stored(draft, seq: UInt64(key) + 1)
        }
        memory.forget(at: Self.period)
        #expect(memory.count == 10)
        memory.forget(at: Self.period + 1, atMost: 4)
        #expect(memory.count == 6)
        #expect(memory.status(Self.draft(key: "3")) == .new)
        #expect(memory.status(Self.draft(key: "4")) == .stored(seq: 5, time: Self.time))
        memory.forget(at: Self.period + 1)
        #expect(memory.count == 0)
    }

    @Test func `above its limit of bytes the oldest keys are forgotten early`() {
        let memory = Memory(bytes: 100 * RecentSends.keyBytes)
        for key in 0..<1_000 { memory.sent(Self.draft(key: "\(key)"), ticket: UInt64(key)) }
        #expect((memory.count, memory.bytes) == (100, 100 * RecentSends.keyBytes))
        #expect(memory.status(Self.draft(key: "899")) == .new)
        #expect(memory.status(Self.draft(key: "900")) == .pending(ticket: 900))
        // One that was forgotten can't be stored any more.
        memory.stored(Self.draft(key: "0"), seq: 1)
        #expect(memory.status(Self.draft(key: "0")) == .new)
    }

    @Test func `100 000 keys come and go in any number of steps`() {
        let memory = Memory()
        for key in 0..<100_000 {
            memory.sent(Self.draft(key: "\(key)"), ticket: 1)
        }
        #expect(memory.count == 100_000)
        #expect(memory.status(Self.draft(key: "55555")) == .pending(ticket: 1))
        for step in 1...100 {
            memory.forget(at: 1_000_000 + UInt64(RecentSends.period) + 1, atMost: 1_000)
            #expect(memory.count == 100_000 - step * 1_000)
        }
        #expect(memory.bytes == 0)
    }

    @Test func `a line from before a restart is recognised by its digest`() {
        let memory = Memory()
        let draft = Self.draft()
        memory.remember(draft, seq: 9, age: 1_000)
        #expect(memory.status(draft) == .stored(seq: 9, time: draft.time))
        #expect(memory.status(Self.draft("ho")) == .otherText)
    }

    @Test(
        arguments: [
            (0, 300_000), (1_000, 299_000), (300_000, 0), (86_400_000, 0), (-86_400_000, 300_000),
        ] as [(Int64, UInt64)])
    func `a line from before a restart is known for what is left of its time`(
        age: Int64, left: UInt64
    ) {
        let memory = Memory()
        memory.remember(Self.draft(), seq: 9, age: age)
        memory.forget(at: left)
        #expect(memory.count == 1)
        memory.forget(at: left + 1)
        #expect(memory.count == 0)
    }

    @Test func `a jump of the clock of lines makes no key older or younger`() {
        let memory = Memory()
        let jumps: [Int64] = [0, -86_400_000, 30 * 86_400_000]
        for (place, jump) in jumps.enumerated() {
            let draft = Draft(
                room: .lobby, time: Timestamp(milliseconds: Self.time.milliseconds + jump),
                username: "ann", message: "hi", key: "\(place)")
            memory.sent(draft, ticket: 0, at: UInt64(place))
        }
        memory.forget(at: Self.period)
        #expect(memory.count == 3)
        memory.forget(at: Self.period + 2)
        #expect(memory.count == 1)
        memory.forget(at: Self.period + 3)
        #expect(memory.count == 0)
    }
}
