/// What is needed of a ban to enforce it.
struct BanEntry: Sendable {
    /// The people that it means.
    let people: BanKey
    /// The connection that was meant by its line, whatever its name is now. 0 if there is none.
    let connection: UInt64
    let rev: UInt64
    let end: Timestamp?
    let reason: String
    let rank: Badge

    init(_ ban: Ban) {
        (people, connection, rev) = (ban.target.entry, ban.target.origin.connection, ban.rev)
        (end, reason, rank) = (ban.end, ban.reason, ban.rank)
    }

    /// Whether it is in force for somebody with this role.
    func holds(for badge: Badge?, at time: Timestamp) -> Bool {
        end.map { time < $0 } ?? true && badge.map { $0 < rank } ?? true
    }
}
