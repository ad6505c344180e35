import Chat
import Synchronization

/// Replies that wait to be taken by a follower of a ``MemoryOrderer``, with a limit on the entries
/// among them. Other replies are as many as the follower asks for, and one for each room that lags.
final class MemoryMailbox: Sendable {
    private struct Waiting {
        var replies: [OrdererReply] = []
        var entries = 0

        /// True if nothing waited before.
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

    /// Adds entries of a room. If there is no place for all of them, says instead that the room
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

    /// Moves what waits to the end of `replies`.
    func take(into replies: inout [OrdererReply]) {
        waiting.withLock { waiting in
            replies += waiting.replies
            waiting = Waiting()
        }
    }
}
