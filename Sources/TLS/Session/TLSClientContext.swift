internal import COpenSSL

/// How a client trusts servers. It never changes, and any thread may make sessions from it.
///
/// Invariant of the unsafe calls here: `handle` is a context that this object owns. OpenSSL's
/// contexts are safe to use from several threads once they don't change.
@safe public final class TLSClientContext: @unchecked Sendable {
    let handle: OpaquePointer

    /// Nil if there is no memory, or if `roots` holds no certificate in PEM.
    ///
    /// - Parameters:
    ///   - verifies: whether the server's certificate is checked. If it isn't, anybody in between
    ///     can read and change everything.
    ///   - roots: certificates in PEM that are trusted besides those of the system.
    public init?(verifies: Bool = true, roots: [UInt8]? = nil) {
        let handle =
            if let roots {
                unsafe roots.withUnsafeBufferPointer {
                    unsafe copenssl_client_context_new(
                        verifies ? 1 : 0, $0.baseAddress, $0.count)
                }
            } else {
                unsafe copenssl_client_context_new(verifies ? 1 : 0, nil, 0)
            }
        guard let handle = unsafe handle else { return nil }
        unsafe self.handle = handle
    }

    deinit {
        unsafe copenssl_context_free(handle)
    }

    /// Offers one cipher suite only, by OpenSSL's name. False if there is none. Call it before the
    /// first session is made.
    package func offersOnly(_ suite: String) -> Bool {
        unsafe copenssl_client_context_offer(handle, suite) == 1
    }
}
