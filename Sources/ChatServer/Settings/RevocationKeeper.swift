public import Identity

/// Keeps revocations that owners order in the chat, so that they outlive a restart.
public protocol RevocationKeeper: Sendable {
    /// Keeps a revocation. Never waits for that: afterwards it calls
    /// ``IdentityInbox/answered(_:isKept:)`` with the ticket, and wakes the server's network.
    func keep(_ revocation: Revocation, ticket: UInt64)

    /// Another server has revoked tokens, and its keeper calls that so. Keeps it, too. Never waits
    /// for that: afterwards it calls ``IdentityInbox/revoke(_:)``, and wakes the server's network.
    /// It may hear the same several times.
    func heard(_ text: String)
}

extension RevocationKeeper {
    public func heard(_ text: String) {}
}
