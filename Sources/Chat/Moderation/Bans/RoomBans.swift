/// The bans and timeouts of one room.
struct RoomBans: Sendable {
    /// What is needed of a ban to enforce it.
    struct Entry: Sendable {
        let end: Timestamp?
        let reason: String
        let rank: Badge
        fileprivate let rev: UInt64

        fileprivate func meets(_ visitor: Visitor, at time: Timestamp) -> Bool {
            end.map { time < $0 } ?? true && visitor.badge.map { $0 < rank } ?? true
        }
    }

    private var bans = Table()
    private var timeouts = Table()
    /// When the last timeout ends. Nil if there is none.
    private(set) var lastTimeout: Timestamp?

    var count: Int { bans.entries.count + timeouts.entries.count }

    mutating func add(_ ban: Ban) {
        let entry = Entry(end: ban.end, reason: ban.reason, rank: ban.rank, rev: ban.rev)
        guard ban.isTimeout else { return bans.add(entry, for: ban.target) }
        forgetTimeouts(at: ban.time)
        timeouts.add(entry, for: ban.target)
        lastTimeout = max(lastTimeout ?? ban.time, ban.end ?? ban.time)
    }

    mutating func remove(_ ban: Ban) {
        if ban.isTimeout {
            timeouts.remove(ban)
            if timeouts.entries.isEmpty { lastTimeout = nil }
        } else {
            bans.remove(ban)
        }
    }

    /// Forgets all timeouts if the last one is over.
    mutating func forgetTimeouts(at time: Timestamp) {
        guard let last = lastTimeout, last <= time else { return }
        (timeouts, lastTimeout) = (Table(), nil)
    }

    func ban(of visitor: Visitor, at time: Timestamp) -> Entry? { bans.find(visitor, at: time) }

    func timeout(of visitor: Visitor, at time: Timestamp) -> Entry? {
        timeouts.find(visitor, at: time)
    }

    private struct Table {
        private(set) var entries: [BanKey: Entry] = [:]
        /// Connections that were meant by their lines, whatever their names are now.
        private var connections: [UInt64: BanKey] = [:]
        // The numbers of entries of each kind, so that nobody is looked for in vain.
        private var users = 0
        private var names = 0
        private var guests = 0
        private var blocks = 0

        mutating func add(_ entry: Entry, for target: BanTarget) {
            let key = target.entry
            if entries.updateValue(entry, forKey: key) == nil { count(key, by: 1) }
            if target.origin.connection != 0 { connections[target.origin.connection] = key }
        }

        mutating func remove(_ ban: Ban) {
            let key = ban.target.entry
            guard let entry = entries[key], entry.rev == ban.rev else { return }
            entries[key] = nil
            count(key, by: -1)
            connections[ban.target.origin.connection] = nil
        }

        private mutating func count(_ key: BanKey, by step: Int) {
            switch key {
            case .user: users += step
            case .name: names += step
            case .guest: guests += step
            case .block: blocks += step
            }
        }

        func find(_ visitor: Visitor, at time: Timestamp) -> Entry? {
            guard !entries.isEmpty else { return nil }
            func entry(_ key: BanKey) -> Entry? {
                guard let entry = entries[key], entry.meets(visitor, at: time) else { return nil }
                return entry
            }
            if let user = visitor.user {
                if users > 0, let found = entry(.user(ByteText(user))) { return found }
            } else {
                if !connections.isEmpty, let key = connections[visitor.origin.connection],
                    let found = entry(key)
                {
                    return found
                }
                let block = visitor.origin.block
                if blocks > 0, block != 0, let found = entry(.block(block)) { return found }
            }
            guard names + guests > 0, let username = visitor.username else { return nil }
            let name = BanKey.folded(username)
            if names > 0, let found = entry(.name(name)) { return found }
            guard guests > 0, visitor.user == nil else { return nil }
            return entry(.guest(name, block: visitor.origin.block))
        }
    }
}
