/// How long members have been in their rooms. A guest counts from its join, a user from its first
/// join in this life of the server.
extension Hub {
    /// A member has come to a room. `now` is monotonic, in milliseconds.
    public mutating func arrived(_ id: MembershipID, at now: UInt64) {
        while arrivals.count <= id.index { arrivals.append(0) }
        // Rounded up: nobody is known too early.
        arrivals[id.index] = UInt32(truncatingIfNeeded: (now + 999) / 1_000)
    }

    /// A member is this user, who may have been here before.
    public mutating func isKnown(_ user: String, as id: MembershipID) {
        guard id.index < arrivals.count else { return }
        arrivals[id.index] = firstJoins.came(
            user, to: names[room(of: id).index], at: arrivals[id.index])
        countFilters()
    }

    /// Throws if a member hasn't been in its room for so long.
    func checkKnown(
        _ id: MembershipID, for minutes: Int, at now: UInt64
    ) throws(Refusal) {
        let arrival = id.index < arrivals.count ? UInt64(arrivals[id.index]) : 0
        let end = arrival * 1_000 + UInt64(minutes) * 60_000
        guard now < end else { return }
        throw .tooNew(minutes: minutes, retryAfter: end - now)
    }
}
