/// A descriptor of a non-blocking stream socket. It owns nothing: who accepted it closes it.
public struct Socket: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32

    @inlinable
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// No socket.
    public static let none = Socket(rawValue: -1)
}

/// What `accept` brought.
public enum AcceptOutcome: Equatable, Sendable {
    case connection(Socket, SocketAddress)
    /// Nobody waits.
    case wouldBlock
    /// The one that waited is gone already; there may be others.
    case aborted
    /// Descriptors or memory have run out (`EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`): whoever waits
    /// keeps the listener readable, so stop watching it for a while.
    case exhausted(SystemError)
}

/// What `receive` brought.
public enum ReceiveOutcome: Equatable, Sendable {
    /// So many bytes, at least one.
    case bytes(Int)
    case wouldBlock
    /// The kernel can't do it now (`ENOBUFS`, `ENOMEM`, `EINTR`); the socket stays readable, so try
    /// again later, not at once.
    case exhausted
    /// The peer has sent all that it will send.
    case end
    /// The connection is gone.
    case broken(SystemError)
}

/// What `send` did.
public enum SendOutcome: Equatable, Sendable {
    /// The kernel took so many bytes, perhaps fewer than were offered.
    case sent(Int)
    case wouldBlock
    /// The kernel can't do it now (`ENOBUFS`, `ENOMEM`, `EINTR`); the socket may still report to be
    /// writable, so try again later, not at once.
    case exhausted
    /// The connection is gone.
    case broken(SystemError)
}
