/// The result of `send`.
public enum SendOutcome: Equatable, Sendable {
    /// The number of bytes that the kernel took, possibly fewer than were offered.
    case sent(Int)
    case wouldBlock
    /// The kernel can't do it now (`ENOBUFS`, `ENOMEM`, `EINTR`). The socket may still be reported
    /// as writable, so try again later, not at once.
    case exhausted
    /// The connection is gone.
    case broken(SystemError)
}
