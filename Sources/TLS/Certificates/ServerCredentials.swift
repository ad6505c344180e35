internal import COpenSSL

/// A server's certificate with its chain, and the private key.
///
/// Invariant of the unsafe calls here: `handle` is what this value owns, and what never changes.
/// Each call gets the address of memory that its frame owns, with its true size.
@safe public struct ServerCredentials: ~Copyable, @unchecked Sendable {
    let handle: OpaquePointer
    /// The DNS names and addresses that the certificate is for, in its order. Names may begin with
    /// `*.`.
    public let names: [String]
    /// Seconds since 1970 between which the certificate is valid.
    public let validFrom: Int64
    public let validUntil: Int64
    /// Whether browsers take its kind of key.
    public let isForBrowsers: Bool
    /// The SHA-256 digest of the certificate.
    public let fingerprint: [UInt8]

    /// Parses PEM.
    ///
    /// - Parameters:
    ///   - chain: the certificate, followed by those that lead to a root.
    ///   - key: the private key. It may be in the same file.
    public init(chain: [UInt8], key: [UInt8]) throws(CredentialsProblem) {
        var problem = COPENSSL_GOOD
        let handle = unsafe chain.withUnsafeBufferPointer { chain in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe copenssl_credentials_parse(
                    chain.baseAddress, chain.count, key.baseAddress, key.count, &problem)
            }
        }
        guard let handle = unsafe handle else {
            throw CredentialsProblem(problem) ?? .noMemory
        }
        unsafe self.handle = handle
        var names: [String] = []
        while let name = unsafe copenssl_credentials_name(handle, names.count) {
            names.append(unsafe String(cString: name))
        }
        self.names = names
        validFrom = unsafe copenssl_credentials_not_before(handle)
        validUntil = unsafe copenssl_credentials_not_after(handle)
        isForBrowsers = unsafe copenssl_credentials_are_common(handle) == 1
        var digest = [UInt8](repeating: 0, count: 32)
        unsafe digest.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe copenssl_credentials_fingerprint(handle, base)
        }
        fingerprint = digest
    }

    deinit {
        unsafe copenssl_credentials_free(handle)
    }
}
