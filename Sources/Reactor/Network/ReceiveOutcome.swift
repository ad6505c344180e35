/// The result of `receive`.
public enum ReceiveOutcome: Equatable, Sendable {
    /// The number of bytes read, at least one.
    case bytes(Int)
    case wouldBlock
    /// The kernel can't do it now (`ENOBUFS`, `ENOMEM`, `EINTR`). The socket stays readable, so try
    /// again later, not at once.
    case exhausted
    /// The peer has ended its sending half.
    case end
    /// The connection is gone.
    case broken(SystemError)
}
