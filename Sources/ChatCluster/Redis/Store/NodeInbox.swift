internal import Chat
internal import Dispatch
internal import Synchronization

/// What waits for the node's thread.
final class NodeInbox: Sendable {
    struct Contents {
        var requests: [OrdererRequest] = []
        /// Signal it when the thread has ended.
        var closing: DispatchSemaphore?
    }

    private let contents = Mutex(Contents())
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    func add(_ request: OrdererRequest) {
        let isFirst = contents.withLock { contents in
            contents.requests.append(request)
            return contents.requests.count == 1
        }
        if isFirst { wake() }
    }

    func close(_ done: DispatchSemaphore) {
        contents.withLock { $0.closing = done }
        wake()
    }

    func take() -> Contents {
        contents.withLock { contents in
            defer { contents.requests = [] }
            return contents
        }
    }
}
