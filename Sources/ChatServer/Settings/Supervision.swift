public import Chat
internal import Reactor

/// What a server tells the program around it, which may pass it on to a service manager.
///
/// The server tells it on its own thread, so `tell` must not block. Without an interval and a
/// closure, a server tells nothing and never wakes up for it.
public struct Supervision: Sendable {
    public enum Event: Equatable, Sendable {
        /// The server accepts connections. Its first tick is running.
        case serving
        /// The server's loop turns, and has so many open connections. A loop that hangs tells
        /// nothing.
        case alive(connections: Int)
        /// A reload was requested (SIGHUP). One ``reloaded`` follows.
        case reloading
        /// The server has taken new settings, or keeps its old ones because the new ones are
        /// faulty.
        case reloaded
        /// A termination signal has arrived. The server ends after `milliseconds` at the latest.
        case draining(milliseconds: UInt64)
    }

    /// Milliseconds between two ``Event/alive``. Nil if they aren't wanted.
    public let interval: UInt64?
    /// Where new settings arrive. Nil if nobody reloads: SIGHUP then ends the server in good order,
    /// as SIGTERM does.
    let inbox: SettingsInbox?
    let tell: @Sendable (Event) -> Void
    /// Is told of members, and of what no store keeps. Nil if nobody is.
    public var observer: (any RoomObserver)? { didSet { settingsChanged() } }
    /// Whether the observer wants members, and whether it wants lines and changes. That is kept
    /// here, because each member and each line asks.
    private(set) var (tellsMembers, tellsLines) = (false, false)
    /// When the next event is due by itself, on the monotonic clock. The first one is due at once.
    private(set) var next: Instant

    /// Tells nobody.
    public init() {
        interval = nil
        inbox = nil
        tell = { _ in }
        next = .never
    }

    /// - Parameters:
    ///   - interval: milliseconds between two ``Event/alive``, at least 1. A busy tick may delay
    ///     one by its own duration.
    ///   - inbox: where new settings arrive after ``Event/reloading``.
    ///   - tell: gets each event. It must not block.
    public init(
        interval: UInt64? = nil, inbox: SettingsInbox? = nil,
        tell: @escaping @Sendable (Event) -> Void
    ) {
        self.inbox = inbox
        self.interval = interval.map { max($0, 1) }
        self.tell = tell
        next = Instant(nanoseconds: 0)
    }

    /// The same, with settings that arrive in `inbox`, and another one that is told everything.
    public func adding(
        _ inbox: SettingsInbox, tell other: @escaping @Sendable (Event) -> Void
    ) -> Supervision {
        var both = Supervision(interval: interval, inbox: inbox) { [tell] event in
            tell(event)
            other(event)
        }
        both.observer = observer
        return both
    }

    /// The observer may want something else from now on.
    mutating func settingsChanged() {
        tellsMembers = observer?.takesMembers ?? false
        tellsLines = observer?.takesLines ?? false
    }

    /// The time has come to tell that the server serves or is alive.
    @inline(never)
    mutating func cameDue(at now: Instant, connections: Int) {
        tell(next.nanoseconds == 0 ? .serving : .alive(connections: connections))
        next = interval.map { now.advanced(byMilliseconds: $0) } ?? .never
    }

    /// A wait of at most `milliseconds`, shortened so that it ends when the next event is due.
    @inline(__always)
    func shortened(_ milliseconds: Int32?, at now: Instant) -> Int32? {
        guard next < .never else { return milliseconds }
        let left = next.nanoseconds - min(now.nanoseconds, next.nanoseconds)
        let wait = Int32(clamping: left / 1_000_000 + (left.isMultiple(of: 1_000_000) ? 0 : 1))
        return min(wait, milliseconds ?? .max)
    }
}

extension Instant {
    /// A time that is never reached.
    fileprivate static var never: Instant { Instant(nanoseconds: .max) }
}
