internal import Chat
internal import Synchronization

/// Replies that wait to be taken by whoever uses the store.
final class ReplyQueue: Sendable {
    private let waiting = Mutex<[HistoryReply]>([])
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Adds replies that nothing comes between.
    func add(_ replies: [HistoryReply]) {
        let wasEmpty = waiting.withLock { waiting in
            defer { waiting += replies }
            return waiting.isEmpty
        }
        if wasEmpty { wake() }
    }

    func add(_ reply: HistoryReply) {
        add([reply])
    }

    /// Moves what waits to the end of `replies`. Where those are none yet, the two trade their
    /// memory, and nothing is copied.
    func take(into replies: inout [HistoryReply]) {
        waiting.withLock { waiting in
            if replies.isEmpty { return swap(&waiting, &replies) }
            replies += waiting
            waiting.removeAll(keepingCapacity: true)
        }
    }
}
