/// Why a server's certificate proves nothing to a client.
public enum CertificateProblem: Error, Equatable, Sendable, CustomStringConvertible {
    case expired
    case notYetValid
    /// It is for these names and addresses, but not for the host.
    case otherHost([String])
    case selfSigned
    case unknownIssuer
    /// Carries OpenSSL's words.
    case other(String)

    /// The rest of a sentence that begins with "the certificate".
    public var description: String {
        switch self {
        case .expired: "has expired"
        case .notYetValid: "isn't valid yet"
        case .otherHost(let names):
            names.isEmpty
                ? "has no name" : "is for another host: \(names.joined(separator: ", "))"
        case .selfSigned: "is self-signed, so nobody vouches for it"
        case .unknownIssuer: "is signed by an unknown authority"
        case .other(let words): "can't be trusted: \(words)"
        }
    }
}
