internal import Dispatch
internal import Synchronization

/// Work that waits for a thread of the store.
final class WorkQueue<Work: Sendable>: Sendable {
    private let waiting = Mutex<[Work]>([])
    /// Signalled when work arrives in an empty queue.
    private let filled = DispatchSemaphore(value: 0)

    func add(_ work: Work) {
        let isFirst = waiting.withLock { waiting in
            waiting.append(work)
            return waiting.count == 1
        }
        if isFirst { filled.signal() }
    }

    /// Takes all waiting work. Waits for work until the deadline, but may return nothing earlier.
    func take(until deadline: DispatchTime) -> [Work] {
        _ = filled.wait(timeout: deadline)
        return waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
