internal import COpenSSL

/// The reason why a session can't go on: the peer broke the protocol, or the two ends have nothing
/// in common.
///
/// Invariant of the unsafe calls here: OpenSSL's texts are copied before the next call.
public struct TLSFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a client can do something about.
    public enum Cause: Equatable, Sendable {
        case certificate(CertificateProblem)
        /// The peer doesn't speak TLS.
        case notTLS
        case other
    }

    /// OpenSSL's words, such as `no shared cipher` or `certificate has expired`.
    public let description: String
    public var cause = Cause.other

    package init(_ description: String) {
        self.description = description
    }

    /// The failure of the last call for a session, on this thread.
    init(of session: OpaquePointer) {
        description = unsafe String(cString: copenssl_session_failure(session))
        cause =
            switch unsafe copenssl_session_cause(session) {
            case COPENSSL_EXPIRED: .certificate(.expired)
            case COPENSSL_NOT_YET_VALID: .certificate(.notYetValid)
            case COPENSSL_OTHER_HOST: .certificate(.otherHost(Self.refusedNames()))
            case COPENSSL_SELF_SIGNED: .certificate(.selfSigned)
            case COPENSSL_UNKNOWN_ISSUER: .certificate(.unknownIssuer)
            case COPENSSL_UNTRUSTED: .certificate(.other(description))
            case COPENSSL_NOT_TLS: .notTLS
            default: .other
            }
    }

    private static func refusedNames() -> [String] {
        var names: [String] = []
        while let name = unsafe copenssl_session_refused_name(names.count) {
            names.append(unsafe String(cString: name))
        }
        return names
    }
}
