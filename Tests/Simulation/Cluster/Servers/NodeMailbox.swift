internal import Chat
internal import Synchronization

/// The orderer of a simulated node, as its server sees it. See ``ServerNode``.
final class NodeMailbox: Orderer {
    private struct Contents {
        var requests: [OrdererRequest] = []
        var replies: [OrdererReply] = []
    }

    private let contents = Mutex(Contents())

    var isShared: Bool { true }
    var metrics: StoreMetrics { StoreMetrics() }

    func submit(_ request: OrdererRequest) { contents.withLock { $0.requests.append(request) } }

    func takeReplies(into replies: inout [OrdererReply]) {
        replies += contents.withLock { contents in
            defer { contents.replies = [] }
            return contents.replies
        }
    }

    func takeRequests() -> [OrdererRequest] {
        contents.withLock { contents in
            defer { contents.requests = [] }
            return contents.requests
        }
    }

    func add(_ replies: [OrdererReply]) { contents.withLock { $0.replies += replies } }

    /// Whether the server is to be woken.
    var hasReplies: Bool { contents.withLock { !$0.replies.isEmpty } }
}
