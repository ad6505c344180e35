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
