internal import Chat
internal import Filters

/// Names that guests can't take: those of a list, and in each room those of the users there. Nor
/// can they take a name that only looks like one of them.
///
/// What a name looks like takes some microseconds to find out, so it is found out once for each
/// name that a member gives. All keys are kept as hashes under a secret of this process.
struct NameGuard {
    /// The users in a room that have a name with this look.
    private struct Owner {
        /// The hash of their `sub`, if they have the same.
        var sub: Int?
        var count: Int32
    }

    /// The name of a user in a room.
    private struct Held: Equatable {
        let name: Int
        let sub: Int
        /// The keys in ``owners``. They are the same for most names.
        let first: Int
        let second: Int
    }

    /// A name that a member may bear, unless users have come since.
    private struct Passed: Equatable {
        let name: Int
        let generation: UInt32
    }

    private(set) var reserved: [String]
    private var reservedKeys: Set<Int> = []
    private var owners: [Int: Owner] = [:]
    private var held: [MembershipID: Held] = [:]
    private var passed: [MembershipID: Passed] = [:]
    /// Counts the names that were added.
    private var generation: UInt32 = 0

    init(reserved: [String]) {
        self.reserved = reserved
        reserve(reserved)
    }

    /// Whether there is any name that guests can't take.
    @inline(__always)
    var isOn: Bool { !held.isEmpty || !reservedKeys.isEmpty }

    /// Users whose names are known, in all rooms.
    var count: Int { held.count }
    /// Members whose names were looked at.
    var passedCount: Int { passed.count }

    /// These names are reserved from now on.
    mutating func reservedChanged(_ names: [String]) {
        guard names != reserved else { return }
        reserve(names)
    }

    private mutating func reserve(_ names: [String]) {
        reserved = names
        reservedKeys = Set(names.flatMap { NameSkeleton($0).keys.map { Self.hash($0) } })
        generation &+= 1
    }

    /// A user has a name in a room.
    mutating func named(_ id: MembershipID, in room: RoomID, _ name: String, sub: String) {
        let (name, look) = (Self.hash(name), name)
        let sub = Self.hash(sub)
        if let known = held[id] {
            guard known.name != name || known.sub != sub else { return }
            left(id)
        }
        passed[id] = nil
        let keys = NameSkeleton(look).keys.map { Self.key($0, in: room) }
        guard let first = keys.first, let second = keys.last else { return }
        held[id] = Held(name: name, sub: sub, first: first, second: second)
        add(first, sub)
        if second != first { add(second, sub) }
    }

    /// A member has left its room, or its name there is a guest's from now on.
    mutating func left(_ id: MembershipID) {
        passed[id] = nil
        guard let gone = held.removeValue(forKey: id) else { return }
        remove(gone.first)
        if gone.second != gone.first { remove(gone.second) }
    }

    /// Whether a member can't have this name in a room. Nil as `id` if it has yet to enter.
    ///
    /// - Parameter sub: the user, if it isn't a guest. It can have the names of its own
    ///   connections.
    mutating func refuses(
        _ name: String, of id: MembershipID?, in room: RoomID?, sub: String? = nil
    ) -> Bool {
        let asked = Passed(name: Self.hash(name), generation: generation)
        if let id, passed[id] == asked { return false }
        for key in NameSkeleton(name).keys {
            if reservedKeys.contains(Self.hash(key)) { return true }
            if let room, let owner = owners[Self.key(key, in: room)],
                sub == nil || owner.sub != sub.map(Self.hash)
            {
                return true
            }
        }
        if let id { passed[id] = asked }
        return false
    }

    private mutating func add(_ key: Int, _ sub: Int) {
        if let owner = owners[key] {
            owners[key] = Owner(sub: owner.sub == sub ? sub : nil, count: owner.count + 1)
        } else {
            owners[key] = Owner(sub: sub, count: 1)
            generation &+= 1
        }
    }

    private mutating func remove(_ key: Int) {
        guard let owner = owners[key] else { return }
        owners[key] = owner.count == 1 ? nil : Owner(sub: owner.sub, count: owner.count - 1)
    }

    private static func hash(_ text: String) -> Int {
        var hasher = Hasher()
        hasher.combine(ByteText(text))
        return hasher.finalize()
    }

    private static func key(_ look: String, in room: RoomID) -> Int {
        var hasher = Hasher()
        hasher.combine(room)
        hasher.combine(ByteText(look))
        return hasher.finalize()
    }
}
