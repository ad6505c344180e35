internal import CLinux

/// Wakes a reactor from other threads. A wake ends the wait in progress, or else the next one,
/// which reports ``Token/waker``.
///
/// A wake carries no data. A thread that has something for the reactor puts it into a queue behind
/// a lock, and wakes the reactor when the queue was empty before. The reactor takes all of the
/// queue at once. So a burst costs one call, and a wake that comes early or twice loses nothing.
public final class Waker: Sendable {
    let descriptor: Int32

    init() throws(SystemError) {
        descriptor = try checked(clinux_waker_open(), "eventfd")
    }

    deinit {
        _ = clinux_close(descriptor)
    }

    /// Never blocks. Safe to call from any thread.
    public func wake() {
        // It fails only if 2^64 wakes are pending.
        _ = clinux_waker_wake(descriptor)
    }

    /// Resets the waker after the reactor has woken up.
    func settle() {
        _ = clinux_waker_settle(descriptor)
    }
}
