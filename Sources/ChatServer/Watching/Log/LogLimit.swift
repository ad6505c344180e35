internal import Synchronization

/// The common limit of all handlers of a log, see ``LimitedLog``.
public final class LogLimit: Sendable {
    private let allowances = Mutex(LogAllowances())
    private let milliseconds: @Sendable () -> UInt64

    /// - Parameter milliseconds: a clock that never goes back.
    public init(milliseconds: @escaping @Sendable () -> UInt64) {
        self.milliseconds = milliseconds
    }

    /// The limit by the machine's monotonic clock.
    public convenience init() {
        let start = ContinuousClock.now
        self.init { UInt64((ContinuousClock.now - start) / .milliseconds(1)) }
    }

    /// An entry is to be written. Nil if it is left out. Else the number of entries of its kind
    /// that were left out before it, and what was left out of kinds that are over.
    func admit(_ message: String) -> (omitted: UInt64, left: [LogAllowances.Left])? {
        let now = milliseconds()
        return allowances.withLock { allowances in
            guard let omitted = allowances.admit(message, at: now) else { return nil }
            return (omitted, allowances.takeLeft(at: now))
        }
    }
}
