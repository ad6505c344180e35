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
