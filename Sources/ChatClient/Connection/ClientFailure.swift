public import WebSocket

/// The reason why a client can't use its connection.
public enum ClientFailure: Error, Equatable, Sendable {
    /// The server answered the opening handshake in HTTP.
    case refused(HTTPRefusal)
    /// The bytes aren't a valid answer to the opening handshake. Carries the reason.
    case handshake(String)
    /// The server broke RFC 6455.
    case violation(ProtocolViolation)
    /// The stream ended without a Close.
    case ended

    /// The reason as the rest of a sentence about the server.
    public var reason: String {
        switch self {
        case .refused(let refusal): "it refused the opening handshake with \(refusal)"
        case .handshake(let reason): "it gave no valid answer to the opening handshake: \(reason)"
        case .violation(let violation): "it broke RFC 6455: \(violation.reason)"
        case .ended: "it ended the connection without a Close"
        }
    }
}
