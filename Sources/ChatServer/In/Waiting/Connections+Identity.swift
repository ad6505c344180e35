internal import Reactor

/// Connections that wait for the verification of a token.
extension Connections {
    /// An opening handshake waits for the verification of its token. Its head is kept.
    mutating func awaitIdentity(
        _ index: Int, _ verification: Verification, head: [UInt8], at now: CoarseTime
    ) {
        let rare = table[index].makeRare()
        rare.head = head
        rare.waiting = .verification(verification)
        table[index].since = now
        recount(index)
        schedule(index)
    }

    /// Takes the verification that a connection waits for. Nil if it doesn't wait for this ticket,
    /// or can't be served any more.
    mutating func takeVerification(_ token: Token, _ ticket: UInt64) -> Verification? {
        guard table.contains(token), isServed(token.index), let rare = table[token.index].rare,
            case .verification(let verification)? = rare.waiting, verification.ticket == ticket
        else { return nil }
        rare.waiting = nil
        recount(token.index)
        return verification
    }

    /// Takes the head of an opening handshake that has waited.
    mutating func takeHead(_ index: Int) -> [UInt8] {
        defer {
            table[index].rare?.head = []
            recount(index)
        }
        return table[index].rare?.head ?? []
    }
}
