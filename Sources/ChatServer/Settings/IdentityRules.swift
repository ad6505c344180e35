public import Identity

/// Whether clients may have tokens, or must have them, and how tokens are verified.
public struct IdentityRules: Sendable {
    /// What is asked of a client.
    public enum Demand: String, CaseIterable, Sendable {
        /// Nobody has a token. Those that are sent are not looked at.
        case off
        /// A client without a token is a guest.
        case optional
        /// There are no guests.
        case required
    }

    public let demand: Demand
    /// The cookie that may hold a token. Nil if none does.
    public let cookie: String?
    let verifier: (any TokenVerifier)?
    let inbox: IdentityInbox?
    let keeper: (any RevocationKeeper)?
    /// Tokens that didn't count any more before the start.
    let revocations: Revocations

    /// No tokens.
    public init() {
        (demand, cookie, verifier, inbox, keeper) = (.off, nil, nil, nil, nil)
        revocations = Revocations()
    }

    /// - Parameters:
    ///   - verifier: wakes the network's waits, as a store does.
    ///   - inbox: where other keys, and revocations, arrive later.
    ///   - revocations: those that are known already.
    ///   - keeper: keeps those that owners order in the chat, and tells the inbox. Nil if they are
    ///     only in memory.
    public init(
        demand: Demand, cookie: String? = nil, verifier: any TokenVerifier,
        inbox: IdentityInbox? = nil, revocations: Revocations = Revocations(),
        keeper: (any RevocationKeeper)? = nil
    ) {
        self.demand = demand
        self.cookie = cookie
        self.verifier = demand == .off ? nil : verifier
        self.inbox = inbox
        self.revocations = revocations
        self.keeper = keeper
    }
}
