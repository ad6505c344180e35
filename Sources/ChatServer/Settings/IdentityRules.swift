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

    /// No tokens.
    public init() {
        (demand, cookie, verifier) = (.off, nil, nil)
    }

    /// - Parameter verifier: wakes the network's waits, as a store does.
    public init(demand: Demand, cookie: String? = nil, verifier: any TokenVerifier) {
        self.demand = demand
        self.cookie = cookie
        self.verifier = demand == .off ? nil : verifier
    }
}
