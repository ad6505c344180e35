import Chat
import Synchronization
import Testing

@testable import ChatStore

@Suite struct MailboxTests {
    @Test func `the first reply in an empty mailbox wakes the follower`() {
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
