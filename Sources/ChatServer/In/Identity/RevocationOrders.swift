internal import Identity

/// The orders to revoke tokens that are being kept.
struct RevocationOrders {
    /// Orders that may wait. Keeping one takes milliseconds.
    static let most = 64

    let keeper: (any RevocationKeeper)?
    private var waiting: [UInt64: RevocationOrder] = [:]
    /// Without a keeper, those that are in force at once.
    private var unkept: [UInt64] = []
    private var done: [RevocationOrder] = []
    private var nextTicket: UInt64 = 0

    init(keeper: (any RevocationKeeper)?) { self.keeper = keeper }

    /// False if too many wait.
    mutating func add(_ order: RevocationOrder) -> Bool {
        guard waiting.count < Self.most else { return false }
        nextTicket += 1
        waiting[nextTicket] = order
        if let keeper {
            keeper.keep(order.revocation, ticket: nextTicket)
        } else {
            unkept.append(nextTicket)
        }
        return true
    }

    /// The keeper has answered. Returns the revocations that are in force now; there is room for
    /// so many.
    mutating func answered(
        _ answers: [(ticket: UInt64, isKept: Bool)], room: Int
    ) -> [Revocation] {
        guard !answers.isEmpty || !unkept.isEmpty else { return [] }
        var revocations: [Revocation] = []
        for (ticket, isKept) in answers + unkept.map({ ($0, true) }) {
            guard var order = waiting.removeValue(forKey: ticket) else { continue }
            if !isKept {
                order.outcome = .notKept
            } else if keeper == nil, revocations.count >= room {
                order.outcome = .full
            } else {
                order.outcome = .inForce
                revocations.append(order.revocation)
            }
            done.append(order)
        }
        unkept = []
        return revocations
    }

    mutating func takeAnswered() -> [RevocationOrder] {
        guard !done.isEmpty else { return [] }
        defer { done = [] }
        return done
    }
}
