import Chat
import Synchronization
import Testing

@testable import ChatStore

@Suite("Replies wait to be taken")
struct ReplyQueueTests {
    @Test("Whoever takes them is woken when there are some and were none")
    func wakes() {
        let wakes = Mutex(0)
        let queue = ReplyQueue { wakes.withLock { $0 += 1 } }
        queue.add(.recovered)
        queue.add([.appendFailed, .appended([1])])
        #expect(wakes.withLock { $0 } == 1)

        var replies: [HistoryReply] = [.appended([])]
        queue.take(into: &replies)
        #expect(replies == [.appended([]), .recovered, .appendFailed, .appended([1])])
        queue.take(into: &replies)
        #expect(replies.count == 4)
        #expect(wakes.withLock { $0 } == 1)

        queue.add(.recovered)
        #expect(wakes.withLock { $0 } == 2)
    }
}
