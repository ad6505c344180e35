internal import Dispatch
internal import Synchronization

/// What waits for a thread of the store.
final class WorkQueue<Work: Sendable>: Sendable {
    private let waiting = Mutex<[Work]>([])
    /// Signalled when the first of some work comes in.
    private let filled = DispatchSemaphore(value: 0)

    func add(_ work: Work) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(work)
            return waiting.count == 1
        }
        if isFirst { filled.signal() }
    }

    /// All that waits. Waits for it until the deadline, though it may return empty-handed before.
    func take(until deadline: DispatchTime) -> [Work] {
        _ = filled.wait(timeout: deadline)
        return waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
