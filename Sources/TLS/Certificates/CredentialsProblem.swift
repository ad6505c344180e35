internal import COpenSSL

/// What is wrong with a certificate or with its key.
public enum CredentialsProblem: Error, Equatable, Sendable {
    case noCertificate
    case brokenCertificate
    case noKey
    case encryptedKey
    case brokenKey
    case mismatch
    case tooWeak
    case noMemory

    /// Nil if nothing is wrong.
    init?(_ problem: copenssl_problem) {
        switch problem {
        case COPENSSL_GOOD: return nil
        case COPENSSL_NO_CERTIFICATE: self = .noCertificate
        case COPENSSL_BROKEN_CERTIFICATE: self = .brokenCertificate
        case COPENSSL_NO_KEY: self = .noKey
        case COPENSSL_ENCRYPTED_KEY: self = .encryptedKey
        case COPENSSL_BROKEN_KEY: self = .brokenKey
        case COPENSSL_MISMATCH: self = .mismatch
        case COPENSSL_WEAK: self = .tooWeak
        default: self = .noMemory
        }
    }
}
