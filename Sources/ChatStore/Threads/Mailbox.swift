internal import Chat
internal import Synchronization

/// Replies that wait to be taken by the store's follower.
///
/// It needs no limit of its own, because each reply answers a request that the follower has made,
/// and the follower keeps few of them under way: at most one append, whose lines are also the only
/// entries that ever wait here, and as many reads and rooms to follow as it likes to have at once.
/// What the store says unasked is one reply for each change of its state, and one or two for each
/// slice of upkeep. So this store never says ``OrdererReply/lagging(_:)``.
final class Mailbox: Sendable {
    private let waiting = Mutex<[OrdererReply]>([])
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Adds replies that nothing comes between.
    func add(_ replies: [OrdererReply]) {
        guard !replies.isEmpty else { return }
        let wasEmpty = waiting.withLock { waiting in
            defer { waiting += replies }
            return waiting.isEmpty
        }
        if wasEmpty { wake() }
    }

    func add(_ reply: OrdererReply) {
        add([reply])
    }

    /// Moves what waits to the end of `replies`. If `replies` is empty, the two arrays trade their
    /// memory, and nothing is copied.
    func take(into replies: inout [OrdererReply]) {
        waiting.withLock { waiting in
            if replies.isEmpty { return swap(&waiting, &replies) }
            replies += waiting
            waiting.removeAll(keepingCapacity: true)
        }
    }
}
