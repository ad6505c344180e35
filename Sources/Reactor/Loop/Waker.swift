internal import CLinux

/// Wakes a reactor from other threads: it ends the wait that is under way, or the next one, which
/// reports ``Token/waker``.
///
/// It carries no data. Who has something for the reactor queues it behind a lock, and wakes when
/// the queue turns from empty to not empty; the reactor takes all of it at once. So a burst costs
/// one call, and nothing is lost when a wake comes early or twice.
public final class Waker: Sendable {
    let descriptor: Int32

    init() throws(SystemError) {
        descriptor = try checked(clinux_waker_open(), "eventfd")
    }

    deinit {
        _ = clinux_close(descriptor)
    }

    /// Never blocks. Any thread may call it.
    public func wake() {
        // It fails only where 2^64 wakes wait.
        _ = clinux_waker_wake(descriptor)
    }

    /// The reactor is awake.
    func settle() {
        _ = clinux_waker_settle(descriptor)
    }
}
