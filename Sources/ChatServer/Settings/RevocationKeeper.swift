public import Identity

/// Keeps revocations that owners order in the chat, so that they outlive a restart.
public protocol RevocationKeeper: Sendable {
    /// Keeps a revocation. Never waits for that: afterwards it calls
    /// ``IdentityInbox/answered(_:isKept:)`` with the ticket, and wakes the server's network.
    func keep(_ revocation: Revocation, ticket: UInt64)
}
