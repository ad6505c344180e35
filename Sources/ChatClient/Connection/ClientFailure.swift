public import WebSocket

/// Why a connection is of no use to its client.
public enum ClientFailure: Error, Equatable, Sendable {
    /// The server answered the opening handshake in HTTP.
    case refused(HTTPRefusal)
    /// What came is no valid answer to the opening handshake: the reason.
    case handshake(String)
    /// The server broke RFC 6455.
    case violation(ProtocolViolation)
    /// The stream ended without a Close.
    case ended

    /// What happened, in words that go on a sentence about the server.
    public var reason: String {
        switch self {
        case .refused(let refusal): "it refused the opening handshake with \(refusal)"
        case .handshake(let reason): "it answered with no opening handshake: \(reason)"
        case .violation(let violation): "it broke RFC 6455: \(violation.reason)"
        case .ended: "it ended the connection without a Close"
        }
    }
}
