/// The bans and timeouts of one room.
struct RoomBans: Sendable {
    private var bans = BanEntries()
    private var timeouts = BanEntries()
    /// When the last timeout ends. Nil if there is none.
    private(set) var lastTimeout: Timestamp?

    var count: Int { bans.count + timeouts.count }

    mutating func add(_ ban: Ban) {
        let entry = BanEntry(ban)
        guard ban.isTimeout else { return bans.add(entry, for: ban.target) }
        forgetTimeouts(at: ban.time)
        timeouts.add(entry, for: ban.target)
        lastTimeout = max(lastTimeout ?? ban.time, ban.end ?? ban.time)
    }

    mutating func remove(_ ban: Ban) {
        if ban.isTimeout {
            timeouts.remove(ban)
            if timeouts.count == 0 { lastTimeout = nil }
        } else {
            bans.remove(ban)
        }
    }

    /// Forgets all timeouts if the last one is over.
    mutating func forgetTimeouts(at time: Timestamp) {
        guard let last = lastTimeout, last <= time else { return }
        (timeouts, lastTimeout) = (BanEntries(), nil)
    }

    func ban(of visitor: Visitor, at time: Timestamp) -> BanEntry? {
        bans.find(visitor, at: time)
    }

    func timeout(of visitor: Visitor, at time: Timestamp) -> BanEntry? {
        timeouts.find(visitor, at: time)
    }
}
