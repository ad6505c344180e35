internal import Chat
internal import Filters

/// Names that guests can't take: those of a list, and in each room those of the users there. Nor
/// can they take a name that only looks like one of them.
///
/// What a name looks like takes up to five microseconds to find out, so a member's name is looked
/// at again only when it changes or users come. All texts are kept as hashes under a secret of this
/// process, of which 32 bits are enough to compare two: nobody can try so many.
struct NameGuard {
    /// The users in a room that have a name with this look.
    private struct Owner {
        /// The hash of their `sub`. 0 if they have several.
        var sub: UInt32
        var count: UInt32
    }

    /// The name of a user in a room.
    private struct Held {
        let name: UInt32
        let sub: UInt32
        /// Its place among the owners.
        let key: Int
    }

    /// A name that a member may have, as long as no other user comes.
    private struct Passed: Equatable {
        let name: UInt32
        let generation: UInt32
    }

    private(set) var reserved: [String]
    private var reservedLooks: Set<Int> = []
    private var owners: [Int: Owner] = [:]
    private var held: [MembershipID: Held] = [:]
    /// The other places of the few names that have two.
    private var seconds: [MembershipID: Int] = [:]
    private var passed: [MembershipID: Passed] = [:]
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
    var passedCount: Int { passed.count }

    /// These names are reserved from now on.
    mutating func reservedChanged(_ names: [String]) {
        guard names != reserved else { return }
        reserve(names)
        forgetIfOff()
    }

    private mutating func reserve(_ names: [String]) {
        reserved = names
        reservedLooks = Set(names.flatMap(Self.looks))
        generation &+= 1
    }

    /// A user has a name in a room.
    mutating func named(_ id: MembershipID, in room: RoomID, _ name: String, sub: String) {
        let (hash, sub) = (Self.short(name.utf8.span), Self.short(sub.utf8.span))
        if let known = held[id] {
            guard known.name != hash || known.sub != sub else { return }
            drop(known, of: id)
        }
        let keys = Self.looks(of: name).map { Self.key($0, in: room) }
        held[id] = Held(name: hash, sub: sub, key: keys[0])
        if keys.count > 1 { seconds[id] = keys[1] }
        for key in keys { add(key, sub) }
    }

    /// A member has left its room, or its name there is a guest's from now on.
    mutating func left(_ id: MembershipID) {
        passed[id] = nil
        guard let gone = held.removeValue(forKey: id) else { return }
        drop(gone, of: id)
        forgetIfOff()
    }

    /// Nobody tells of members that leave while it is off.
    private mutating func forgetIfOff() {
        if !isOn { passed = [:] }
    }

    /// Whether a member had this name before, and no other user has come since: a quick answer for
    /// most lines.
    func passes(_ name: Span<UInt8>, of id: MembershipID) -> Bool {
        passed[id] == Passed(name: Self.short(name), generation: generation)
    }

    /// Whether a member can't have this name in a room. Nil as `id` if it has yet to enter.
    ///
    /// - Parameter sub: the user, if it isn't a guest. It can have the names of its own
    ///   connections.
    mutating func refuses(
        _ name: String, of id: MembershipID?, in room: RoomID?, sub: String? = nil
    ) -> Bool {
        if let id, passes(name.utf8.span, of: id) { return false }
        let sub = sub.map { Self.short($0.utf8.span) }
        for look in Self.looks(of: name) {
            if reservedLooks.contains(look) { return true }
            if let room, let owner = owners[Self.key(look, in: room)], owner.sub != sub {
                return true
            }
        }
        if let id {
            passed[id] = Passed(name: Self.short(name.utf8.span), generation: generation)
        }
        return false
    }

    private mutating func add(_ key: Int, _ sub: UInt32) {
        guard let owner = owners[key] else {
            owners[key] = Owner(sub: sub, count: 1)
            generation &+= 1
            return
        }
        owners[key] = Owner(sub: owner.sub == sub ? sub : 0, count: owner.count + 1)
        if owner.sub != sub { generation &+= 1 }
    }

    private mutating func drop(_ gone: Held, of id: MembershipID) {
        remove(gone.key)
        if let second = seconds.removeValue(forKey: id) { remove(second) }
    }

    private mutating func remove(_ key: Int) {
        guard let owner = owners[key] else { return }
        owners[key] = owner.count == 1 ? nil : Owner(sub: owner.sub, count: owner.count - 1)
    }

    /// What a name looks like: one key for most names, two for others.
    private static func looks(of name: String) -> [Int] {
        NameSkeleton(name).keys.map { hash($0.utf8.span) }
    }

    /// A hash that is never 0.
    private static func short(_ text: Span<UInt8>) -> UInt32 {
        UInt32(truncatingIfNeeded: hash(text)) | 1
    }

    private static func hash(_ text: Span<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(bytesOf: text)
        return hasher.finalize()
    }

    private static func key(_ look: Int, in room: RoomID) -> Int {
        var hasher = Hasher()
        hasher.combine(room)
        hasher.combine(look)
        return hasher.finalize()
    }
}
