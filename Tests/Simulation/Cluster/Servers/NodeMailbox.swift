internal import Chat
internal import ChatCluster
internal import Synchronization

/// The orderer of a simulated node, as its server sees it. See ``ServerNode``.
final class NodeMailbox: Orderer {
    private final class Bell: Sendable {
        let rings = Mutex(false)
    }

    private let requests = Mutex<[OrdererRequest]>([])
    private let replies: ReplyMailbox
    private let bell: Bell

    /// So many entries may wait for the server.
    init(limit: Int = ReplyMailbox.limit) {
        let bell = Bell()
        self.bell = bell
        replies = ReplyMailbox(limit: limit) { bell.rings.withLock { $0 = true } }
    }

    var isShared: Bool { true }
    var metrics: StoreMetrics { StoreMetrics() }

    func submit(_ request: OrdererRequest) { requests.withLock { $0.append(request) } }

    func takeReplies(into replies: inout [OrdererReply]) {
        bell.rings.withLock { $0 = false }
        self.replies.take(into: &replies)
    }

    func takeRequests() -> [OrdererRequest] {
        requests.withLock { requests in
            defer { requests = [] }
            return requests
        }
    }

    /// Adds replies, and returns the rooms that lag now.
    func add(_ replies: [OrdererReply]) -> Set<RoomName> { self.replies.add(replies) }

    /// Whether the server is to be woken.
    var hasReplies: Bool { bell.rings.withLock { $0 } }
}
