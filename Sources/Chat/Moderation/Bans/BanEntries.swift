/// Bans by their fingerprints. See ``BanPrint``.
struct BanEntries: Sendable {
    /// The places of entries, by the fingerprints of their keys and of their connections.
    private var places: [UInt64: UInt32] = [:]
    private var entries: [BanEntry?] = []
    private var free: [UInt32] = []
    // The numbers of entries of each kind, so that nobody is looked for in vain.
    private var users = 0
    private var names = 0
    private var guests = 0
    private var blocks = 0
    private var connections = 0

    var count: Int { entries.count - free.count }

    /// Adds an entry. It takes the place of an earlier one with the same target.
    mutating func add(_ entry: BanEntry, for target: BanTarget) {
        let print = BanPrint.of(entry.people)
        if let place = places[print] { remove(place) }
        let place: UInt32
        if let free = free.popLast() {
            place = free
            entries[Int(place)] = entry
        } else {
            place = UInt32(entries.count)
            entries.append(entry)
        }
        count(entry.people, by: 1)
        places[print] = place
        guard entry.connection != 0 else { return }
        connections += 1
        places[BanPrint.ofConnection(entry.connection)] = place
    }

    mutating func remove(_ ban: Ban) {
        guard let place = places[BanPrint.of(ban.target.entry)],
            entries[Int(place)]?.rev == ban.rev
        else { return }
        remove(place)
    }

    private mutating func remove(_ place: UInt32) {
        guard let entry = entries[Int(place)] else { return }
        entries[Int(place)] = nil
        free.append(place)
        count(entry.people, by: -1)
        places[BanPrint.of(entry.people)] = nil
        guard entry.connection != 0 else { return }
        connections -= 1
        // A later ban may mean the same connection.
        let print = BanPrint.ofConnection(entry.connection)
        if places[print] == place { places[print] = nil }
    }

    private mutating func count(_ key: BanKey, by step: Int) {
        switch key {
        case .user: users += step
        case .name: names += step
        case .guest: guests += step
        case .block: blocks += step
        }
    }

    func find(_ visitor: Visitor, at time: Timestamp) -> BanEntry? {
        guard count > 0 else { return nil }
        func entry(_ print: UInt64, _ isMeant: (BanEntry) -> Bool) -> BanEntry? {
            guard let place = places[print], let entry = entries[Int(place)], isMeant(entry),
                entry.holds(for: visitor.badge, at: time)
            else { return nil }
            return entry
        }
        if let user = visitor.user {
            if users > 0,
                let found = entry(
                    BanPrint.ofUser(user), { $0.people == .user(ByteText(user)) })
            {
                return found
            }
        } else {
            let origin = visitor.origin
            if connections > 0,
                let found = entry(
                    BanPrint.ofConnection(origin.connection),
                    { $0.connection == origin.connection })
            {
                return found
            }
            if blocks > 0, origin.block != 0,
                let found = entry(
                    BanPrint.ofBlock(origin.block), { $0.people == .block(origin.block) })
            {
                return found
            }
        }
        guard names + guests > 0, let username = visitor.username else { return nil }
        let name = BanPrint.hash(username)
        if names > 0,
            let found = entry(
                BanPrint.ofName(name), { $0.people == .name(BanKey.folded(username)) })
        {
            return found
        }
        guard guests > 0, visitor.user == nil else { return nil }
        let block = visitor.origin.block
        return entry(BanPrint.ofGuest(name, block)) {
            $0.people == .guest(BanKey.folded(username), block: block)
        }
    }
}
