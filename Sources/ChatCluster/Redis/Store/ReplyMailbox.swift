internal import Chat
internal import Synchronization

/// Replies that wait for the server.
///
/// Entries come from other nodes, too, however slow the server is. So if too many of them wait, the
/// rooms of those that come then are told to lag, and get none until they are followed again. All
/// other replies answer requests, of which few are pending.
final class ReplyMailbox: Sendable {
    /// Entries that may wait.
    static let limit = 65_536

    private struct Waiting {
        var replies: [OrdererReply] = []
        var entries = 0
    }

    private let waiting = Mutex(Waiting())
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Adds replies, and returns the rooms that lag now. No more of their entries must be added
    /// before they are followed again.
    func add(_ replies: [OrdererReply]) -> Set<RoomName> {
        guard !replies.isEmpty else { return [] }
        var lagging: Set<RoomName> = []
        let wasEmpty = waiting.withLock { waiting in
            let wasEmpty = waiting.replies.isEmpty
            for reply in replies {
                if case .entries(let room, let entries) = reply {
                    if lagging.contains(room) { continue }
                    waiting.entries += entries.count
                    if waiting.entries > Self.limit {
                        waiting.entries -= entries.count
                        lagging.insert(room)
                        waiting.replies.append(.lagging(room))
                        continue
                    }
                }
                waiting.replies.append(reply)
            }
            return wasEmpty
        }
        if wasEmpty { wake() }
        return lagging
    }

    /// Moves the waiting replies to the end of `replies`. If that is empty, the two arrays swap
    /// their memory.
    func take(into replies: inout [OrdererReply]) {
        waiting.withLock { waiting in
            waiting.entries = 0
            if replies.isEmpty { return swap(&waiting.replies, &replies) }
            replies += waiting.replies
            waiting.replies.removeAll(keepingCapacity: true)
        }
    }
}
