internal import Dispatch
internal import Synchronization

/// Wakes the thread of a webhook.
final class WebhookBell: Sendable {
    private struct State {
        var hasRung = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let news = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)

    /// There may be something new. Never blocks.
    func ring() {
        let isFirst = state.withLock { state in
            defer { state.hasRung = true }
            return !state.hasRung
        }
        if isFirst { news.signal() }
    }

    /// The thread is to end.
    func stop() {
        state.withLock { $0.isStopped = true }
        news.signal()
        stopped.signal()
    }

    var isStopped: Bool { state.withLock(\.isStopped) }

    /// Waits until there may be something new, and at most so many milliseconds. Returns whether
    /// there may be.
    @discardableResult
    func waitForNews(atMost milliseconds: Int) -> Bool {
        _ = news.wait(timeout: .now() + .milliseconds(milliseconds))
        return state.withLock { state in
            defer { state.hasRung = false }
            return state.hasRung
        }
    }

    /// Waits until the thread is to end, and at most so many milliseconds.
    func waitForEnd(atMost milliseconds: Int) {
        _ = stopped.wait(timeout: .now() + .milliseconds(milliseconds))
    }
}
