internal import Identity
internal import Reactor

/// Tokens that somebody wants revoked.
struct RevocationOrder {
    /// What has become of it.
    enum Outcome {
        case inForce
        /// It couldn't be kept, and isn't in force.
        case notKept
        /// There are too many revocations already.
        case full
    }

    let revocation: Revocation
    let asker: Token
    /// The id of its command.
    let id: String?
    /// Nil as long as it waits.
    var outcome: Outcome?
}
