internal import Chat
internal import Filters

/// Names that guests can't take: those of a list, and in each room those of the users there. Nor
/// can they take a name that only looks like one of them.
///
/// What a name looks like takes up to ten microseconds to find out, so it is found out once for
/// each name that a member gives. All keys are kept as hashes under a secret of this process.
struct NameGuard {
    /// The users in a room that have a name with this look.
    private struct Owner {
        /// The hash of their `sub`, if they have the same.
        var sub: Int?
        var count: Int32
    }

    /// What a name looks like. Both keys are the same for most names.
    private struct Look {
        let first: Int
        let second: Int

        init(_ name: String) {
            let keys = NameSkeleton(name).keys
            first = NameGuard.hash(keys[0])
            second = keys.count > 1 ? NameGuard.hash(keys[1]) : first
        }
    }

    /// The name of a user in a room.
    private struct Held {
        let name: Int
        let sub: Int
        let look: Look
        let room: RoomID
    }

    /// A name that a member has asked for.
    private struct Asked {
        let name: Int
        let look: Look
        /// The count of names when it could have it. Nil if it couldn't.
        var passed: UInt32?
    }

    private(set) var reserved: [String]
    private var reservedLooks: Set<Int> = []
    private var owners: [Int: Owner] = [:]
    private var held: [MembershipID: Held] = [:]
    private var asked: [MembershipID: Asked] = [:]
    /// Counts the names that were added.
    private var generation: UInt32 = 0

    init(reserved: [String]) {
        self.reserved = reserved
        reserve(reserved)
    }

    /// Whether there is any name that guests can't take.
    @inline(__always)
    var isOn: Bool { !held.isEmpty || !reservedLooks.isEmpty }

    /// Users whose names are known, in all rooms.
    var count: Int { held.count }
    /// Members whose names were looked at.
    var askedCount: Int { asked.count }

    /// These names are reserved from now on.
    mutating func reservedChanged(_ names: [String]) {
        guard names != reserved else { return }
        reserve(names)
        forgetIfOff()
    }

    private mutating func reserve(_ names: [String]) {
        reserved = names
        reservedLooks = Set(names.flatMap { NameSkeleton($0).keys.map { Self.hash($0) } })
        generation &+= 1
    }

    /// A user has a name in a room.
    mutating func named(_ id: MembershipID, in room: RoomID, _ name: String, sub: String) {
        let (hash, sub) = (Self.hash(name), Self.hash(sub))
        if let known = held[id] {
            guard known.name != hash || known.sub != sub else { return }
            drop(known)
        }
        let look = Look(name)
        held[id] = Held(name: hash, sub: sub, look: look, room: room)
        add(Self.key(look.first, in: room), sub)
        if look.second != look.first { add(Self.key(look.second, in: room), sub) }
    }

    /// A member has left its room, or its name there is a guest's from now on.
    mutating func left(_ id: MembershipID) {
        asked[id] = nil
        guard let gone = held.removeValue(forKey: id) else { return }
        drop(gone)
        forgetIfOff()
    }

    /// Nobody tells of members that leave while it is off.
    private mutating func forgetIfOff() {
        if !isOn { asked = [:] }
    }

    /// Whether a member had this name before, and no other user has come since: a quick answer for
    /// most lines.
    func passes(_ name: Span<UInt8>, of id: MembershipID) -> Bool {
        guard let known = asked[id], known.passed == generation else { return false }
        return known.name == Self.hash(name)
    }

    /// Whether a member can't have this name in a room. Nil as `id` if it has yet to enter.
    ///
    /// - Parameter sub: the user, if it isn't a guest. It can have the names of its own
    ///   connections.
    mutating func refuses(
        _ name: String, of id: MembershipID?, in room: RoomID?, sub: String? = nil
    ) -> Bool {
        let hash = Self.hash(name)
        let known = id.flatMap { asked[$0] }.flatMap { $0.name == hash ? $0 : nil }
        if let known, known.passed == generation { return false }
        let look = known?.look ?? Look(name)
        let isRefused = refuses(look, in: room, sub: sub.map(Self.hash))
        if let id {
            asked[id] = Asked(name: hash, look: look, passed: isRefused ? nil : generation)
        }
        return isRefused
    }

    private func refuses(_ look: Look, in room: RoomID?, sub: Int?) -> Bool {
        for key in [look.first, look.second] {
            if reservedLooks.contains(key) { return true }
            if let room, let owner = owners[Self.key(key, in: room)],
                sub == nil || owner.sub != sub
            {
                return true
            }
        }
        return false
    }

    private mutating func add(_ key: Int, _ sub: Int) {
        if let owner = owners[key] {
            owners[key] = Owner(sub: owner.sub == sub ? sub : nil, count: owner.count + 1)
            if owner.sub != sub { generation &+= 1 }
        } else {
            owners[key] = Owner(sub: sub, count: 1)
            generation &+= 1
        }
    }

    private mutating func drop(_ gone: Held) {
        let look = gone.look
        remove(Self.key(look.first, in: gone.room))
        if look.second != look.first { remove(Self.key(look.second, in: gone.room)) }
    }

    private mutating func remove(_ key: Int) {
        guard let owner = owners[key] else { return }
        owners[key] = owner.count == 1 ? nil : Owner(sub: owner.sub, count: owner.count - 1)
    }

    private static func hash(_ text: String) -> Int { hash(text.utf8.span) }

    private static func hash(_ text: Span<UInt8>) -> Int {
        var hasher = Hasher()
        var word: UInt64 = 0
        for index in text.indices {
            word = word &<< 8 | UInt64(text[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(text.count)
        return hasher.finalize()
    }

    private static func key(_ look: Int, in room: RoomID) -> Int {
        var hasher = Hasher()
        hasher.combine(room)
        hasher.combine(look)
        return hasher.finalize()
    }
}
