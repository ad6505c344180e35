package import Chat
internal import Synchronization

/// Replies that wait for the server.
///
/// Entries come from other nodes, too, however slow the server is. So if too many of them wait, the
/// rooms of those that come then are told to lag, and get none until they are followed again.
/// Changes are rare and are never left out, because the server learns from no other reply who is
/// banned. All other replies answer requests, of which few are pending.
package final class ReplyMailbox: Sendable {
    /// Entries that may wait.
    package static let limit = 65_536

    private struct Waiting {
        var replies: [OrdererReply] = []
        var entries = 0
    }

    private let waiting = Mutex(Waiting())
    private let limit: Int
    private let wake: @Sendable () -> Void

    package init(
        limit: Int = ReplyMailbox.limit, wake: @escaping @Sendable () -> Void
    ) {
        (self.limit, self.wake) = (limit, wake)
    }

    /// Adds replies, and returns the rooms that lag now. No more of their entries must be added
    /// before they are followed again.
    package func add(_ replies: [OrdererReply]) -> Set<RoomName> {
        guard !replies.isEmpty else { return [] }
        var lagging: Set<RoomName> = []
        let wasEmpty = waiting.withLock { waiting in
            let wasEmpty = waiting.replies.isEmpty
            for reply in replies {
                if case .entries(let room, let entries) = reply {
                    let isOver = waiting.entries + entries.count > limit
                    if isOver || lagging.contains(room) {
                        if lagging.insert(room).inserted { waiting.replies.append(.lagging(room)) }
                        let changes = entries.filter(\.isChange)
                        if !changes.isEmpty { waiting.replies.append(.entries(room, changes)) }
                        continue
                    }
                    waiting.entries += entries.count
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
    package func take(into replies: inout [OrdererReply]) {
        waiting.withLock { waiting in
            waiting.entries = 0
            if replies.isEmpty { return swap(&waiting.replies, &replies) }
            replies += waiting.replies
            waiting.replies.removeAll(keepingCapacity: true)
        }
    }
}

extension RoomEntry {
    fileprivate var isChange: Bool { if case .change = self { true } else { false } }
}
