internal import COpenSSL

/// A server's certificates, and what it speaks: TLS 1.2 and 1.3 with forward secrecy and
/// authenticated ciphers, and HTTP/1.1 if the client says by ALPN what it speaks. It never changes,
/// and any thread may make sessions from it.
///
/// Invariant of the unsafe calls here: `handle` is a context that this object owns. OpenSSL's
/// contexts are safe to use from several threads once they don't change.
@safe public final class TLSServerContext: @unchecked Sendable {
    let handle: OpaquePointer
    /// What the handle refers to.
    private let tickets: TicketKeys

    /// A context without a certificate. Nil if there is no memory.
    public init?(tickets: TicketKeys) {
        guard let handle = unsafe copenssl_server_context_new(tickets.handle) else { return nil }
        unsafe self.handle = handle
        self.tickets = tickets
    }

    deinit {
        unsafe copenssl_context_free(handle)
    }

    /// Adds a certificate, before the first session is made. A client gets the first one that has
    /// the name that it asks for, or else the first one.
    public func add(_ credentials: borrowing ServerCredentials) throws(CredentialsProblem) {
        let problem = unsafe copenssl_server_context_add(handle, credentials.handle)
        if let problem = CredentialsProblem(problem) { throw problem }
    }
}
