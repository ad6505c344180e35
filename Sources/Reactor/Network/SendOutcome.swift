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
