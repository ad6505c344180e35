internal import CLinux

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
