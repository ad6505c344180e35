internal import Identity
internal import Reactor

/// Orders to revoke tokens.
extension Identities {
    /// A connection wants tokens revoked. It is answered by ``takeRevoked()`` once that is kept and
    /// in force. False if too many wait for that.
    mutating func revoke(
        _ revocation: Revocation, for asker: Token, id: String?
    ) -> Bool {
        orders.add(RevocationOrder(revocation: revocation, asker: asker, id: id))
    }

    /// Another server has revoked tokens. The keeper brings them as news.
    func heardOfRevocation(_ text: String) { orders.keeper?.heard(text) }

    /// Whether revocations are kept, so that an order is answered later.
    var keepsRevocations: Bool { orders.keeper != nil }

    /// The orders that were answered, after ``takeNews(at:wall:)``.
    mutating func takeRevoked() -> [RevocationOrder] { orders.takeAnswered() }
}
