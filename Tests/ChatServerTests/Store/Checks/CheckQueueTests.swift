import Chat
import Reactor
import Synchronization
import Testing

@testable import ChatServer

@Suite struct CheckQueueTests {
    private let checker = LateChecker()
    private let ann = Token(rawValue: 1)
    private let bob = Token(rawValue: 2)

    private func draft(_ text: String, by badge: Badge? = nil) -> Draft {
        Draft(
            room: .lobby, time: Timestamp(milliseconds: 1), username: "ann", message: text,
            by: Author(user: badge == nil ? nil : "u", badge: badge), key: nil)
    }

    /// A queue in which these lines are being checked.
    private func queue(_ lines: [(String, Token)]) -> CheckQueue {
        var queue = CheckQueue(checker, failure: .allow)
        for (text, sender) in lines {
            queue.append(draft(text), from: sender, RoomRules(), because: nil)
        }
        return queue
    }

    @Test func `lines of a sender keep their order, and nobody waits for others`() {
        var queue = queue([("a1", ann), ("a2", ann), ("b1", bob), ("a3", ann)])
        let tickets = checker.tickets
        #expect(tickets.count == 4 && Set(tickets).count == 4)
        #expect(tickets.allSatisfy(CheckQueue.isTicket))
        #expect(!tickets.contains { HoldQueue.isTicket($0) })
        checker.answer(tickets[1], .allow)
        checker.answer(tickets[2], .refuse("no"))
        #expect(queue.take().map(\.check.draft.message) == ["b1"])
        checker.answer(tickets[0], .failed)
        let done = queue.take()
        #expect(done.map(\.check.draft.message) == ["a1", "a2"])
        #expect(done.map(\.verdict) == [.failed, .allow])
        #expect(queue.isChecking(ann) && !queue.isChecking(bob))
        checker.answer(tickets[3], .change("x"))
        #expect(queue.take().map(\.verdict) == [.change("x")])
        #expect(queue.count == 0 && queue.bytes == 0)
        #expect(queue.counts == [.allow: 1, .refuse: 1, .failed: 1, .change: 1])
    }

    @Test func `an answer that comes twice counts once`() {
        var queue = queue([("a1", ann)])
        checker.answer(checker.tickets[0], .allow)
        checker.answer(checker.tickets[0], .refuse("no"))
        #expect(queue.take().map(\.verdict) == [.allow])
        checker.answer(checker.tickets[0], .allow)
        checker.answer(7, .allow)
        #expect(queue.take().isEmpty)
    }

    @Test func `it is bounded in lines and bytes`() {
        var queue = queue(Array(repeating: ("12345", ann), count: CheckQueue.limit - 1))
        #expect(queue.hasRoom(limit: .max))
        #expect(!queue.hasRoom(limit: 5 * (CheckQueue.limit - 1)))
        queue.append(draft("12345"), from: bob, RoomRules(), because: nil)
        #expect(!queue.hasRoom(limit: .max))
    }

    @Test func `moderators are trusted, and without a checker all are`() {
        let queue = queue([])
        #expect(queue.takes(draft("a")) && queue.takes(draft("a", by: .vip)))
        for badge in [Badge.moderator, .owner, .system] {
            #expect(!queue.takes(draft("a", by: badge)))
        }
        #expect(!CheckQueue(nil, failure: .allow).takes(draft("a")))
    }

    @Test func `a changed text is recognised by the one that was sent`() {
        var sends = RecentSends()
        func draft(_ text: String) -> Draft {
            Draft(
                room: .lobby, time: Timestamp(milliseconds: 1), username: "ann", message: text,
                key: "k")
        }
        sends.sent(draft("loud").saying("quiet"), seq: 1, at: 0)
        #expect(
            sends.status(of: draft("loud"))
                == .stored(seq: 1, time: Timestamp(milliseconds: 1)))
        #expect(sends.status(of: draft("quiet")) == .otherText)
    }
}
