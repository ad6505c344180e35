/// Where a WebSocket is in its closing handshake (RFC 6455 §7.1), and so what is to be done.
public enum SessionState: Equatable, Sendable {
    /// Data flows.
    case open
    /// One Close frame has passed. Ours: wait for the peer's, for a time. The peer's, or a
    /// violation: ours is owed; nothing of the peer's is read any more.
    case closing(startedBy: Endpoint)
    /// Both have passed, or what came after ours was a violation: close the TCP connection.
    case closed

    public enum Endpoint: Sendable {
        case us
        case peer
    }

    /// Whether the peer's frames still count (§1.4: after a Close, further bytes are discarded).
    var readsFrames: Bool {
        self == .open || self == .closing(startedBy: .us)
    }

    mutating func sentClose() {
        switch self {
        case .open: self = .closing(startedBy: .us)
        case .closing(.us): break
        case .closing(.peer), .closed: self = .closed
        }
    }

    mutating func receivedCloseOrViolation() {
        switch self {
        case .open: self = .closing(startedBy: .peer)
        case .closing(.peer): break
        case .closing(.us), .closed: self = .closed
        }
    }
}
