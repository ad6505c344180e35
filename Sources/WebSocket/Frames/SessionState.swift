/// The state of a WebSocket in its closing handshake (RFC 6455 §7.1), and so what to do next.
public enum SessionState: Equatable, Sendable {
    /// Data flows.
    case open
    /// One Close frame has passed. After ours: wait for the peer's, for a limited time. After the
    /// peer's, or a violation: ours is due, and nothing more from the peer is read.
    case closing(startedBy: Endpoint)
    /// Both Close frames have passed, or a violation came after ours: close the TCP connection.
    case closed

    public enum Endpoint: Sendable {
        case us
        case peer
    }

    /// Whether the peer's frames still count. After its Close, further bytes are discarded (§1.4).
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
