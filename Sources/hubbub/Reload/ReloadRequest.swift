internal import Dispatch
internal import Synchronization

/// A request to reload, whose sender waits for the report.
final class ReloadRequest: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let report = Mutex<ReloadReport?>(nil)

    func answer(_ report: ReloadReport) {
        self.report.withLock { $0 = report }
        done.signal()
    }

    /// Waits for the report. Nil if it takes too long.
    func wait() -> ReloadReport? {
        _ = done.wait(timeout: .now() + .seconds(30))
        return report.withLock { $0 }
    }
}
