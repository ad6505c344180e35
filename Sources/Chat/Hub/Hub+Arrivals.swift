/// How long members have been in their rooms. A guest counts from its join, a user from its first
/// join, or its first line by a request, in this life of the server.
extension Hub {
    /// A member has come to a room. `now` is monotonic, in milliseconds.
    public mutating func arrived(_ id: MembershipID, at now: UInt64) {
        while arrivals.count <= id.index { arrivals.append(0) }
        arrivals[id.index] = Self.second(now)
    }

    /// A member is this user, who may have been here before.
    public mutating func isKnown(_ user: String, as id: MembershipID) {
        guard id.index < arrivals.count else { return }
        arrivals[id.index] = firstJoins.came(
            user, to: names[room(of: id).index], at: arrivals[id.index])
        countFilters()
    }

    /// A user wants to say a line in a room where it needn't be. Returns when it has come there
    /// first, in monotonic milliseconds.
    mutating func spoke(_ user: String, in room: RoomName, at now: UInt64) -> UInt64 {
        let first = firstJoins.came(user, to: room, at: Self.second(now))
        countFilters()
        return UInt64(first) * 1_000
    }

    /// Since when a member has been in its room, in monotonic milliseconds.
    func arrival(of id: MembershipID) -> UInt64 {
        id.index < arrivals.count ? UInt64(arrivals[id.index]) * 1_000 : 0
    }

    /// Throws if somebody who came then hasn't been in a room for so long.
    static func checkKnown(
        since arrival: UInt64, for minutes: Int, at now: UInt64
    ) throws(Refusal) {
        let end = arrival + UInt64(minutes) * 60_000
        guard now < end else { return }
        throw .tooNew(minutes: minutes, retryAfter: end - now)
    }

    /// Rounded up: nobody is known too early.
    private static func second(_ milliseconds: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (milliseconds + 999) / 1_000)
    }
}
