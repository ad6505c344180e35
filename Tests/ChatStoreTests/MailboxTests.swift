import Chat
import Synchronization
import Testing

@testable import ChatStore

@Suite("Replies wait in the mailbox until they are taken")
struct MailboxTests {
    @Test("The follower is woken when the first reply comes into an empty mailbox")
    func wakes() {
        let wakes = Mutex(0)
        let mailbox = Mailbox { wakes.withLock { $0 += 1 } }
        mailbox.add([])
        #expect(wakes.withLock { $0 } == 0)
        mailbox.add(.recovered)
        mailbox.add([.followFailed(.lobby), .answered([.failed])])
        #expect(wakes.withLock { $0 } == 1)

        var replies: [OrdererReply] = [.answered([])]
        mailbox.take(into: &replies)
        #expect(
            replies == [.answered([]), .recovered, .followFailed(.lobby), .answered([.failed])])
        mailbox.take(into: &replies)
        #expect(replies.count == 4)
        #expect(wakes.withLock { $0 } == 1)

        mailbox.add(.recovered)
        #expect(wakes.withLock { $0 } == 2)
    }
}
