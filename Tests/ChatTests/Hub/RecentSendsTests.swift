import Testing

@testable import Chat

@Suite struct RecentSendsTests {
    private static func draft(
        _ text: String = "hi", key: String = "x", room: RoomName = .lobby, as name: String = "ann",
        at time: Int64 = 1_000_000
    ) -> Draft {
        Draft(
            room: room, time: Timestamp(milliseconds: time), username: name, message: text,
            key: key)
    }

    /// A wrapper for use in expectations, which copy what they call.
    private final class Memory {
        private var sends: RecentSends

        init(bytes: Int = .max) { sends = RecentSends(bytes: bytes) }

        var bytes: Int { sends.bytes }
        var count: Int { sends.count }
        func status(_ draft: Draft) -> RecentSends.Status { sends.status(of: draft) }
        func sent(_ draft: Draft, ticket: UInt64) { sends.sent(draft, ticket: ticket) }
        func stored(_ draft: Draft, seq: UInt64) { sends.stored(draft, seq: seq) }
        func failed(_ draft: Draft) { sends.failed(draft) }
        func remember(_ send: StoredSend) { sends.remember(send) }

        func forget(at time: Int64, atMost limit: Int = 100) {
            sends.forget(at: Timestamp(milliseconds: time), atMost: limit)
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

    @Test func `a line that failed is new again and keeps its later position`() {
        let memory = Memory()
        let (first, second) = (Self.draft(at: 1_000_000), Self.draft(at: 1_200_000))
        memory.sent(first, ticket: 0)
        memory.failed(first)
        #expect(memory.status(first) == .new)
        memory.sent(second, ticket: 1)
        memory.stored(second, seq: 3)
        memory.forget(at: 1_000_000 + RecentSends.period + 1)
        #expect(memory.status(second) == .stored(seq: 3, time: second.time))
        memory.forget(at: 1_200_000 + RecentSends.period + 1)
        #expect(memory.status(second) == .new)
    }

    @Test func `keys are known for five minutes and forgotten a few at a time`() {
        let memory = Memory()
        for key in 0..<10 {
            let draft = Self.draft(key: "\(key)")
            memory.sent(draft, ticket: UInt64(key))
            memory.stored(draft, seq: UInt64(key) + 1)
        }
        memory.forget(at: 1_000_000 + RecentSends.period)
        #expect(memory.count == 10)
        memory.forget(at: 1_000_000 + RecentSends.period + 1, atMost: 4)
        #expect(memory.count == 6)
        #expect(memory.status(Self.draft(key: "3")) == .new)
        #expect(memory.status(Self.draft(key: "4")) == .stored(seq: 5, time: Self.draft().time))
        memory.forget(at: 1_000_000 + RecentSends.period + 1)
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
            memory.sent(Self.draft(key: "\(key)", at: 1_000_000 + Int64(key)), ticket: 1)
        }
        #expect(memory.count == 100_000)
        #expect(memory.status(Self.draft(key: "55555")) == .pending(ticket: 1))
        for step in 1...100 {
            memory.forget(at: 1_001_000 * 10 + RecentSends.period, atMost: 1_000)
            #expect(memory.count == 100_000 - step * 1_000)
        }
        #expect(memory.bytes == 0)
    }

    @Test func `a line from before a restart is recognised by its digest`() {
        let memory = Memory()
        let draft = Self.draft()
        memory.remember(
            StoredSend(
                room: draft.room, username: draft.username, key: "x", seq: 9, time: draft.time,
                digest: RecentSends.digest(of: "hi")))
        #expect(memory.status(draft) == .stored(seq: 9, time: draft.time))
        #expect(memory.status(Self.draft("ho")) == .otherText)
    }
}
