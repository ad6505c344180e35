internal import Chat
internal import Synchronization

/// Replies that wait for the store's follower.
///
/// It needs no limit of its own. Each reply answers a request of the follower, which has few
/// pending: at most one append, whose lines are also the only entries that ever wait here, and as
/// many reads and rooms to follow as it chooses. Unrequested replies are one for each change of the
/// store's state, and one or two for each slice of upkeep. So this store never sends
/// ``OrdererReply/lagging(_:)``.
final class Mailbox: Sendable {
    private let waiting = Mutex<[OrdererReply]>([])
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Adds replies. No other reply comes between them.
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

    /// Moves the waiting replies to the end of `replies`. If `replies` is empty, the two arrays
    /// swap their memory, and nothing is copied.
    func take(into replies: inout [OrdererReply]) {
        waiting.withLock { waiting in
            if replies.isEmpty { return swap(&waiting, &replies) }
            replies += waiting
            waiting.removeAll(keepingCapacity: true)
        }
    }
}
