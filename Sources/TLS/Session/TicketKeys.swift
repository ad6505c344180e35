internal import COpenSSL

/// The keys of session tickets. A ticket is a session's state, encrypted, which the client keeps:
/// the server keeps nothing for it. Contexts that share the keys accept each other's tickets, so a
/// new certificate costs nobody its ticket.
///
/// Invariant of the unsafe calls here: `handle` is what this object owns. Its functions take a
/// lock.
@safe public final class TicketKeys: @unchecked Sendable {
    let handle: OpaquePointer

    /// Nil if there is no memory, or no randomness.
    ///
    /// - Parameters:
    ///   - rotation: seconds after which new tickets get a new key.
    ///   - lifetime: seconds for which a ticket is good.
    public init?(rotation: Int64 = 3_600, lifetime: Int64 = 7_200) {
        guard let handle = unsafe copenssl_tickets_new(rotation, lifetime) else { return nil }
        unsafe self.handle = handle
    }

    deinit {
        unsafe copenssl_tickets_free(handle)
    }

    /// Makes a new key now. The three before it are still accepted. False if there is no
    /// randomness.
    public func rotate() -> Bool { unsafe copenssl_tickets_rotate(handle) == 1 }
}
