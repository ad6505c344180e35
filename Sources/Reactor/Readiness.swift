internal import CLinux

/// The conditions that a socket is watched for. Errors and hang-ups are always reported.
public struct Interest: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Bytes or the end of the stream can be read.
    @inlinable public static var readable: Interest { Interest(rawValue: 1) }
    /// The kernel takes bytes again.
    @inlinable public static var writable: Interest { Interest(rawValue: 2) }

    var events: UInt32 {
        var events: UInt32 = 0
        if contains(.readable) { events |= CLINUX_READABLE | CLINUX_PEER_CLOSED }
        if contains(.writable) { events |= CLINUX_WRITABLE }
        return events
    }
}

/// The conditions that hold for a socket, as `epoll_wait` reports them (epoll_ctl(2)).
public struct Readiness: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8

    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    @inlinable public static var readable: Readiness { Readiness(rawValue: 1) }
    @inlinable public static var writable: Readiness { Readiness(rawValue: 2) }
    /// The peer has shut down its sending half (`EPOLLRDHUP`).
    @inlinable public static var peerClosed: Readiness { Readiness(rawValue: 4) }
    /// Both halves are down, or an error waits (`EPOLLHUP`, `EPOLLERR`).
    @inlinable public static var broken: Readiness { Readiness(rawValue: 8) }

    init(events: UInt32) {
        var readiness: Readiness = []
        if events & CLINUX_READABLE != 0 { readiness.insert(.readable) }
        if events & CLINUX_WRITABLE != 0 { readiness.insert(.writable) }
        if events & CLINUX_PEER_CLOSED != 0 { readiness.insert(.peerClosed) }
        if events & (CLINUX_HANGUP | CLINUX_ERROR) != 0 { readiness.insert(.broken) }
        self = readiness
    }
}

/// One entry of what a wait brought.
public struct ReadyEvent: Hashable, Sendable {
    public var token: Token
    public var readiness: Readiness

    public init(token: Token, readiness: Readiness) {
        self.token = token
        self.readiness = readiness
    }
}
