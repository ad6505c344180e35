import Chat
import Synchronization

/// Replies that wait for a follower of a ``MemoryOrderer``, with a limit on the number of entries.
/// The other replies are bounded by the follower's requests, and by one for each room that lags.
final class MemoryMailbox: Sendable {
    private struct Waiting {
        var replies: [OrdererReply] = []
        var entries = 0

        /// Returns whether the mailbox was empty before.
        mutating func add(_ reply: OrdererReply) -> Bool {
            replies.append(reply)
            return replies.count == 1
        }
    }

    private let limit: Int
    private let wake: @Sendable () -> Void
    private let waiting = Mutex(Waiting())

    init(limit: Int, wake: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.wake = wake
    }

    func add(_ reply: OrdererReply) {
        let isFirst = waiting.withLock { $0.add(reply) }
        if isFirst { wake() }
    }

    /// Adds entries of a room. If there is no room for all of them, reports instead that the room
    /// lags, and returns false.
    func add(_ entries: [RoomEntry], of room: RoomName) -> Bool {
        let (fits, isFirst) = waiting.withLock { waiting in
            guard entries.count <= limit - waiting.entries else {
                return (false, waiting.add(.lagging(room)))
            }
            waiting.entries += entries.count
            return (true, waiting.add(.entries(room, entries)))
        }
        if isFirst { wake() }
        return fits
    }

    /// Moves the waiting replies to the end of `replies`.
    func take(into replies: inout [OrdererReply]) {
        waiting.withLock { waiting in
            replies += waiting.replies
            waiting = Waiting()
        }
    }
}
