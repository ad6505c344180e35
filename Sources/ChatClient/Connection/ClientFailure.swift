public import TLS
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
    /// Under TLS, the server's certificate doesn't prove that it is the host of the URL.
    case untrusted(CertificateProblem)
    /// The server doesn't speak TLS.
    case notTLS
    /// TLS failed in another way. Carries the reason.
    case tls(String)

    /// The reason why TLS failed.
    public init(_ failure: TLSFailure) {
        switch failure.cause {
        case .certificate(let problem): self = .untrusted(problem)
        case .notTLS: self = .notTLS
        case .other: self = .tls(failure.description)
        }
    }

    /// The reason as the rest of a sentence about the server.
    public var reason: String {
        switch self {
        case .refused(let refusal): "it refused the opening handshake with \(refusal)"
        case .handshake(let reason): "it gave no valid answer to the opening handshake: \(reason)"
        case .violation(let violation): "it broke RFC 6455: \(violation.reason)"
        case .ended: "it ended the connection without a Close"
        case .untrusted(let problem): "its certificate \(problem)"
        case .notTLS: "it doesn't speak TLS at this port"
        case .tls(let reason): "TLS failed: \(reason)"
        }
    }
}
