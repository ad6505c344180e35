/// The domain: which members are in which room, and the one order of each room's lines. External
/// events go in through methods named after them; drafts, numbers and refusals come out. The caller
/// writes the results to the wire and stores the lines.
///
/// A line passes through the hub twice. ``drafted(_:by:as:at:time:)`` checks it and makes a
/// ``Draft`` of it. The orderer gives it a number, and ``ordered(_:as:)`` puts it into the room's
/// order. If nothing is stored, ``numbered(_:in:)`` does both.
public struct Hub: ~Copyable {
    private(set) var limits: ChatLimits
    let capacity: Int
    private(set) var ordering: Ordering
    public internal(set) var rooms: [Room?] = []
    /// The rooms' names, indexed by room number. They are apart from the rooms, which are used more
    /// often and are faster to access without them.
    @usableFromInline var names: [RoomName] = []
    @usableFromInline var roomsByName: [RoomName: RoomID] = [:]
    /// The room that was entered last. In a crowd, most members enter the same one.
    var enteredLast: RoomID?
    var freeRooms: [RoomID] = []
    /// The number of rooms with rules. While there is none, lines needn't look at their room's.
    var ruledRooms = 0
    /// The number of rooms whose orderer has yet to send their state.
    var asked = 0
    /// Each member's first membership, and its allowance of lines.
    var firsts: [MembershipID] = []
    var allowances: [TokenBucket] = []
    var userAllowances = UserAllowances()
    var authors = RecentAuthors()
    /// Whether other servers share the rooms.
    public let isShared: Bool
    /// Members of rooms on other servers. Rooms without any have no entry.
    @usableFromInline var elsewhere: [RoomID: RoomPresence] = [:]
    @usableFromInline var elsewhereBytes = 0
    /// Members of rooms on other servers.
    public internal(set) var elsewhereCount = 0
    /// What rooms that are ordered in place keep when their members have gone.
    var kept: [RoomName: KeptRoom] = [:]
    public internal(set) var bans = BanTable()
    /// Lines that wait to be said.
    public var held = HeldTable()
    var terms: TermTable
    /// Bytes of terms, and of what is known of authors.
    @usableFromInline var filterBytes = 0
    @usableFromInline var memberships: [Membership?] = []
    /// Since when they exist, in monotonic seconds. Apart, because few rooms ask for it.
    var arrivals: [UInt32] = []
    var firstJoins = FirstJoins()
    @usableFromInline var freeMemberships: [MembershipID] = []
    /// Recently refused members only, so there are few.
    private var refusals: [MemberID: TokenBucket] = [:]
    /// Recently sent lines with a key.
    public internal(set) var sends: RecentSends

    /// Makes a hub for at most `capacity` members. Memory for them is reserved at once and touched
    /// as they arrive. Keys of recent lines take at most `sendBytes`.
    public init(
        limits: ChatLimits, capacity: Int, sendBytes: Int = .max,
        ordering: Ordering = .inPlace(firstEpoch: 0), isShared: Bool = false,
        noTerms: any TermBook = NoTerms()
    ) {
        self.limits = limits
        self.capacity = capacity
        self.ordering = ordering
        self.isShared = isShared
        terms = TermTable(noTerms)
        sends = RecentSends(bytes: sendBytes)
        firsts.reserveCapacity(capacity)
        allowances.reserveCapacity(capacity)
        memberships.reserveCapacity(capacity)
    }

    /// New limits hold from now on. If a rate has changed, all its allowances are full again: a
    /// bucket counts time in units of its rate.
    public mutating func limitsChanged(_ limits: ChatLimits, sendBytes: Int) {
        if limits.linesPerSecond != self.limits.linesPerSecond {
            for index in allowances.indices { allowances[index] = TokenBucket() }
            userAllowances.removeAll()
        }
        if limits.errorsPerMinute != self.limits.errorsPerMinute { refusals = [:] }
        self.limits = limits
        sends.limitChanged(bytes: sendBytes)
    }

    /// Rooms with at least one member.
    public var roomCount: Int { roomsByName.count }

    /// The room with this name, or nil if it has no member.
    public func room(named name: RoomName) -> RoomID? {
        if let enteredLast, names[enteredLast.index] == name { return enteredLast }
        return roomsByName[name]
    }

    /// The room with this number, which must exist.
    public func room(_ id: RoomID) -> Room {
        guard let room = rooms[id.index] else { preconditionFailure("room \(id) has vanished") }
        return room
    }

    // Accessors of one field of a room avoid a copy of all of it. The caller's module can inline
    // them, so they cost no call.

    @inlinable public func name(of room: RoomID) -> RoomName { names[room.index] }

    /// The number of a room's last line.
    @inlinable public func lastSeq(of room: RoomID) -> UInt64 { rooms[room.index]!.lastSeq }

    @inlinable public func isOpen(_ room: RoomID) -> Bool { rooms[room.index]!.isOpen }

    /// The number of a room's members on this server.
    @inlinable public func memberCount(of room: RoomID) -> Int { rooms[room.index]!.seats.count }

    /// The number of members at the head. They have the first seats.
    @inlinable public func headCount(of room: RoomID) -> Int { rooms[room.index]!.headCount }

    /// Whether no member of the room is behind.
    @inlinable public func areAllAtHead(in room: RoomID) -> Bool {
        headCount(of: room) == memberCount(of: room)
    }

    @inlinable public func seats(of room: RoomID) -> [Seat] { rooms[room.index]!.seats }

    /// The room of a membership.
    public func room(of id: MembershipID) -> RoomID { memberships[id.index]!.room }

    public func membership(_ id: MembershipID) -> Membership {
        guard let membership = memberships[id.index] else {
            preconditionFailure("membership \(id) has ended")
        }
        return membership
    }

    /// A member's first membership.
    public func firstMembership(of member: MemberID) -> MembershipID? {
        guard member.index < firsts.count else { return nil }
        let first = firsts[member.index]
        return first == .none ? nil : first
    }

    /// A member's room with this name, and its membership there. Refused if it isn't in the room.
    // Inlined, because a call would get a copy of the hub.
    @inline(__always)
    public func membership(
        of member: MemberID, in name: RoomName
    ) throws(Refusal) -> (room: RoomID, id: MembershipID) {
        // Most members are in one room.
        if let first = firstMembership(of: member), names[room(of: first).index] == name {
            return (room(of: first), first)
        }
        guard let room = room(named: name), let id = membership(of: member, in: room) else {
            throw .notJoined(name)
        }
        return (room, id)
    }

    /// A member's command was refused. Returns false if it was one too many within a minute.
    public mutating func refused(
        _ refusal: Refusal, of member: MemberID, at now: UInt64
    ) -> Bool {
        guard limits.errorsPerMinute > 0, refusal.countsTowardsErrorLimit else { return true }
        let wait = refusals[member, default: TokenBucket()].take(
            rate: limits.errorsPerMinute, per: 60_000, burst: limits.errorsPerMinute, at: now)
        return wait == nil
    }

    /// A member that has left all its rooms is gone. Its history is forgotten.
    public mutating func gone(_ member: MemberID) {
        precondition(firstMembership(of: member) == nil, "a member must leave its rooms first")
        refusals[member] = nil
        authors.gone(member)
        if member.index < allowances.count { allowances[member.index] = TokenBucket() }
    }

    /// A member has left one room. Returns the room if it was the last member there.
    public mutating func left(_ id: MembershipID) -> RoomID? {
        let membership = membership(id)
        unlink(id, of: membership.member)
        let room = membership.room
        fellBehind(id, cursor: 0)
        let last = rooms[room.index]!.seats.count - 1
        swapSeats(in: room, Int(self.membership(id).seat), last)
        rooms[room.index]!.seats.removeLast()
        memberships[id.index] = nil
        freeMemberships.append(id)
        if membership.listens { rooms[room.index]!.listeners -= 1 }
        guard last == 0 else {
            changed(room) { $0.left(membership.username) }
            return nil
        }
        if !rooms[room.index]!.isOpen { asked -= 1 }
        if rooms[room.index]!.hasRules { ruledRooms -= 1 }
        roomsByName[names[room.index]] = nil
        if room == enteredLast { enteredLast = nil }
        if isShared { setElsewhere(.nobody, in: room) }
        rooms[room.index] = nil
        freeRooms.append(room)
        return room
    }

    /// Removes a membership from its member's chain.
    private mutating func unlink(_ id: MembershipID, of member: MemberID) {
        let next = membership(id).next
        guard firsts[member.index] != id else {
            firsts[member.index] = next
            return
        }
        var before = firsts[member.index]
        while membership(before).next != id { before = membership(before).next }
        memberships[before.index]!.next = next
    }

    private mutating func makeRoom() -> Room {
        switch ordering {
        case .inPlace(let number):
            ordering = .inPlace(firstEpoch: number &+ 1)
            return Room(.inPlace, epoch: Epoch(number: number))
        case .elsewhere:
            asked += 1
            var room = Room(.asked(unheard: nil), epoch: nil)
            if isShared { room.listeners = 1 }
            return room
        }
    }

    /// The room with this name, created if it has no member.
    mutating func appear(named name: RoomName) -> RoomID {
        if let room = self.room(named: name) { return room }
        let room = makeRoom()
        let id: RoomID
        if let free = freeRooms.popLast() {
            id = free
            rooms[id.index] = room
            names[id.index] = name
        } else {
            id = RoomID(rawValue: UInt32(rooms.count))
            rooms.append(room)
            names.append(name)
        }
        roomsByName[name] = id
        if let kept = kept[name] {
            set(kept.settings, in: id)
            rooms[id.index]!.lastRev = kept.lastRev
            rooms[id.index]!.priorRev = kept.lastRev
        }
        if !bans.isEmpty || !terms.isEmpty { watchLines(of: id) }
        return id
    }
}
