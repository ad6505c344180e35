internal import Synchronization

/// Brings new settings from the thread that has read them to the server's thread. Wake the server's
/// network after ``put(_:)``.
public final class SettingsInbox: Sendable {
    private let settings = Mutex<Settings?>(nil)
    /// Whether a reload is over that nobody has taken. It is read with each reply of the store, so
    /// the lock is for reloads alone.
    private let isOver = Atomic(false)

    public init() {}

    /// A reload is over. The server takes the settings in its next tick; nil if they were faulty,
    /// so that the old ones stay.
    public func put(_ settings: Settings?) {
        if let settings { self.settings.withLock { $0 = settings } }
        isOver.store(true, ordering: .releasing)
    }

    /// Whether ``take()`` has something.
    var hasNews: Bool { isOver.load(ordering: .relaxed) }

    /// Takes the settings of a reload that is over. Nil if they were faulty.
    func take() -> Settings? {
        _ = isOver.exchange(false, ordering: .acquiring)
        return settings.withLock { settings in
            defer { settings = nil }
            return settings
        }
    }
}
