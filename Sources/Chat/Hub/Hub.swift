/// The domain: who is in which room, and the one order of each room's lines. Events of the outside
/// go in by methods named after them; drafts, numbers and refusals come out. What becomes of them
/// on the wire, and who keeps them, is the caller's business.
///
/// A line goes through here twice. ``drafted(_:by:at:time:)`` checks what somebody says and makes a
/// ``Draft`` of it. Who keeps the lines gives it a number, and ``stored(_:as:)`` puts it into the
/// room's order; where nothing is kept, ``numbered(_:in:)`` does both.
public struct Hub: ~Copyable {
    let limits: ChatLimits
    private(set) var ordering: Ordering
    public internal(set) var rooms: [Room?] = []
    /// The rooms' names, in the places of their numbers: a room is looked at more often than its
    /// name, and quicker without.
    @usableFromInline private(set) var names: [RoomName] = []
    private(set) var roomsByName: [RoomName: RoomID] = [:]
    /// The room in which somebody sat down last: in a crowd, most come to the same one.
    private var enteredLast: RoomID?
    private var freeRooms: [RoomID] = []
    /// Rooms whose orderer has yet to tell their state.
    var asked = 0
    /// Each member's first membership, and the lines that it may still send.
    var firsts: [MembershipID] = []
    var allowances: [TokenBucket] = []
    var memberships: [Membership?] = []
    private var freeMemberships: [MembershipID] = []
    /// Only of members who had a command refused lately: there are few.
    private var refusals: [MemberID: TokenBucket] = [:]
    /// Lines with a key of late.
    public internal(set) var sends = RecentSends()

    /// A hub for at most `capacity` members; memory for them is reserved, and touched as they come.
    public init(
        limits: ChatLimits, capacity: Int, ordering: Ordering = .inPlace(firstEpoch: 0)
    ) {
        self.limits = limits
        self.ordering = ordering
        firsts.reserveCapacity(capacity)
        allowances.reserveCapacity(capacity)
        memberships.reserveCapacity(capacity)
    }

    /// Rooms with at least one member.
    public var roomCount: Int { roomsByName.count }

    /// The room of this name, if somebody is in it.
    public func room(named name: RoomName) -> RoomID? {
        if let enteredLast, names[enteredLast.index] == name { return enteredLast }
        return roomsByName[name]
    }

    /// The room with this number, which must live.
    public func room(_ id: RoomID) -> Room {
        guard let room = rooms[id.index] else { preconditionFailure("room \(id) has vanished") }
        return room
    }

    // One field of a room, without a copy of all of it. What the caller's module can inline costs
    // no call.

    @inlinable public func name(of room: RoomID) -> RoomName { names[room.index] }

    /// The number of a room's last line.
    @inlinable public func lastSeq(of room: RoomID) -> UInt64 { rooms[room.index]!.lastSeq }

    @inlinable public func isOpen(_ room: RoomID) -> Bool { rooms[room.index]!.isOpen }

    @inlinable public func memberCount(of room: RoomID) -> Int { rooms[room.index]!.seats.count }

    /// Members at the head; theirs are the first seats.
    @inlinable public func headCount(of room: RoomID) -> Int { rooms[room.index]!.headCount }

    @inlinable public func seats(of room: RoomID) -> [Seat] { rooms[room.index]!.seats }

    /// The room of a membership.
    public func room(of id: MembershipID) -> RoomID { memberships[id.index]!.room }

    public func membership(_ id: MembershipID) -> Membership {
        guard let membership = memberships[id.index] else {
            preconditionFailure("membership \(id) has ended")
        }
        return membership
    }

    /// The first of a member's memberships.
    public func firstMembership(of member: MemberID) -> MembershipID? {
        guard member.index < firsts.count else { return nil }
        let first = firsts[member.index]
        return first == .none ? nil : first
    }

    /// The membership after this one of the same member.
    public func nextMembership(after id: MembershipID) -> MembershipID? {
        let next = memberships[id.index]!.next
        return next == .none ? nil : next
    }

    /// All memberships of a member.
    public func memberships(of member: MemberID) -> [MembershipID] {
        var all: [MembershipID] = []
        var next = firstMembership(of: member)
        while let id = next {
            all.append(id)
            next = nextMembership(after: id)
        }
        return all
    }

    /// The room that a member means, and its membership there; refused where it is not in it.
    public func membership(
        of member: MemberID, in name: RoomName
    ) throws(Refusal) -> (room: RoomID, id: MembershipID) {
        // Most are in one room.
        if let first = firstMembership(of: member), names[room(of: first).index] == name {
            return (room(of: first), first)
        }
        guard let room = room(named: name), let id = membership(of: member, in: room) else {
            throw .notJoined(name)
        }
        return (room, id)
    }

    /// The membership of a member in a room, if it is in it.
    public func membership(of member: MemberID, in room: RoomID) -> MembershipID? {
        var next = firstMembership(of: member)
        while let id = next {
            if membership(id).room == room { return id }
            next = nextMembership(after: id)
        }
        return nil
    }

    /// A command of a member was refused. False when that was one too many within a minute.
    public mutating func refused(
        _ refusal: Refusal, of member: MemberID, at now: UInt64
    ) -> Bool {
        guard limits.errorsPerMinute > 0, refusal.countsTowardsErrorLimit else { return true }
        let wait = refusals[member, default: TokenBucket()].take(
            rate: limits.errorsPerMinute, per: 60_000, burst: limits.errorsPerMinute, at: now)
        return wait == nil
    }

    /// A member that has left all its rooms is gone: what it did is forgotten.
    public mutating func gone(_ member: MemberID) {
        precondition(firstMembership(of: member) == nil, "who goes leaves its rooms first")
        refusals[member] = nil
        if member.index < allowances.count { allowances[member.index] = TokenBucket() }
    }

    /// A member has left one room. Returns the room if it vanished with that.
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
        roomsByName[names[room.index]] = nil
        if room == enteredLast { enteredLast = nil }
        rooms[room.index] = nil
        freeRooms.append(room)
        return room
    }

    /// Takes a membership out of the chain of its member's.
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
            return Room(.asked(unheard: nil), epoch: nil)
        }
    }

    /// A room of this name, which appears if nobody is in it.
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
        return id
    }

    /// A new membership, at the head of its room.
    mutating func sit(
        _ member: MemberID, in room: RoomID, as username: String?, listens: Bool
    ) -> MembershipID {
        while firsts.count <= member.index {
            firsts.append(.none)
            allowances.append(TokenBucket())
        }
        let seat = rooms[room.index]!.seats.count
        let membership = Membership(
            member: member, room: room, seat: Int32(seat), next: firsts[member.index],
            username: username, listens: listens)
        let id: MembershipID
        if freeMemberships.isEmpty {
            id = MembershipID(rawValue: UInt32(memberships.count))
            memberships.append(consume membership)
        } else {
            id = freeMemberships.removeLast()
            memberships[id.index] = consume membership
        }
        firsts[member.index] = id
        enteredLast = room
        let isAtHead = rooms[room.index]!.took(
            Seat(member: member, membership: id), listens: listens)
        if !isAtHead { moveToHead(id) }
        return id
    }
}
