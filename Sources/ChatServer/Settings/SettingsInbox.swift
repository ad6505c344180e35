internal import Synchronization

/// Brings new settings from the thread that has read them to the server's thread. Wake the server's
/// network after ``put(_:)``.
public final class SettingsInbox: Sendable {
    private struct State {
        var settings: Settings?
        var isOver = false
    }

    private let state = Mutex(State())

    public init() {}

    /// A reload is over. The server takes the settings in its next tick; nil if they were faulty,
    /// so that the old ones stay.
    public func put(_ settings: Settings?) {
        state.withLock { state in
            if let settings { state.settings = settings }
            state.isOver = true
        }
    }

    /// Whether a reload is over, and its settings.
    func take() -> (isOver: Bool, settings: Settings?) {
        state.withLock { state in
            defer { state = State() }
            return (state.isOver, state.settings)
        }
    }
}
