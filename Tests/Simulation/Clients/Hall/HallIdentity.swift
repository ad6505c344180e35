internal import ChatServer
internal import TestSupport

/// What a server with a hall asks of its clients, and what brings it news of tokens.
struct HallIdentity {
    let verifier = SimulatedVerifier()
    let inbox = IdentityInbox()
    let demand: IdentityRules.Demand

    var rules: IdentityRules { IdentityRules(demand: demand, verifier: verifier, inbox: inbox) }

    /// Nil if there is no hall.
    static func drawn(_ random: inout SplitMix64) -> HallIdentity? {
        guard random.happens(400) else { return nil }
        return HallIdentity(demand: random.happens(250) ? .required : .optional)
    }
}
