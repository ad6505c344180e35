/// The result of `accept`.
public enum AcceptOutcome: Equatable, Sendable {
    case connection(Socket, SocketAddress)
    /// No connection is waiting.
    case wouldBlock
    /// The waiting connection is already gone. There may be others.
    case aborted
    /// Descriptors or memory have run out (`EMFILE`, `ENFILE`, `ENOBUFS`, `ENOMEM`). The waiting
    /// connection keeps the listener readable, so stop watching it for a while.
    case exhausted(SystemError)
}
