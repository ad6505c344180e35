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
    /// The key belongs to a certificate of the chain that isn't the first one.
    case wrongOrder
    /// No client can check a signature of the key.
    case unusableKey
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
        case COPENSSL_WRONG_ORDER: self = .wrongOrder
        case COPENSSL_UNUSABLE: self = .unusableKey
        default: self = .noMemory
        }
    }
}
