/// The domain: who is in which room, and the one order of each room's lines. Events of the outside
/// go in by methods named after them, lines and refusals come out; what becomes of them on the wire
/// is the caller's business.
public struct Hub: ~Copyable {
    private let limits: ChatLimits
    public private(set) var rooms: [Room?] = []
    private var roomsByName: [RoomName: RoomID] = [:]
    private var freeRooms: [RoomID] = []
    private var members: [Member] = []
    private var memberships: [Membership?] = []
    private var freeMemberships: [MembershipID] = []
    /// Only of members who had a command refused lately: there are few.
    private var refusals: [MemberID: TokenBucket] = [:]

    /// A hub for at most `capacity` members; memory for them is reserved, and touched as they come.
    public init(limits: ChatLimits, capacity: Int) {
        self.limits = limits
        members.reserveCapacity(capacity)
        memberships.reserveCapacity(capacity)
    }

    /// Rooms with at least one member.
    public var roomCount: Int { roomsByName.count }

    /// The room of this name, if somebody is in it.
    public func room(named name: RoomName) -> RoomID? { roomsByName[name] }

    /// The room with this number, which must live.
    public func room(_ id: RoomID) -> Room {
        guard let room = rooms[id.index] else { preconditionFailure("room \(id) has vanished") }
        return room
    }

    public func membership(_ id: MembershipID) -> Membership {
        guard let membership = memberships[id.index] else {
            preconditionFailure("membership \(id) has ended")
        }
        return membership
    }

    /// The first of a member's memberships.
    public func firstMembership(of member: MemberID) -> MembershipID? {
        guard member.index < members.count else { return nil }
        let first = members[member.index].first
        return first == .none ? nil : first
    }

    /// A member enters a room, at its head; the room appears if nobody is in it yet.
    public mutating func entered(_ member: MemberID, room name: RoomName) -> RoomID {
        let room = appear(named: name)
        while members.count <= member.index { members.append(Member()) }
        let membership = Membership(
            member: member, room: room, seat: Int32(rooms[room.index]!.seats.count),
            next: members[member.index].first)
        let id: MembershipID
        if let free = freeMemberships.popLast() {
            id = free
            memberships[id.index] = membership
        } else {
            id = MembershipID(rawValue: UInt32(memberships.count))
            memberships.append(membership)
        }
        members[member.index].first = id
        rooms[room.index]!.seats.append(Seat(member: member, membership: id))
        moveToHead(id)
        return room
    }

    /// A member is gone, from all its rooms. Returns the rooms that vanished with it.
    public mutating func left(_ member: MemberID) -> [RoomID] {
        refusals[member] = nil
        guard member.index < members.count else { return [] }
        var vanished: [RoomID] = []
        var next = members[member.index].first
        while next != .none {
            let id = next
            next = membership(id).next
            if let room = end(id) { vanished.append(room) }
        }
        members[member.index] = Member()
        return vanished
    }

    /// A member says something in the room that it is in. `now` is monotonic, in milliseconds.
    public mutating func said(
        _ message: PlainMessage, by member: MemberID, at now: UInt64, time: Timestamp
    ) throws(Refusal) -> Line {
        let username = try ChatText.checkedUsername(message.username, limits: limits)
        let text = try ChatText.checkedMessage(message.message, limits: limits)
        let wait = members[member.index].lines.take(
            rate: limits.linesPerSecond, burst: limits.lineBurst, at: now)
        if let wait {
            throw .rateLimited(linesPerSecond: limits.linesPerSecond, retryAfter: wait)
        }
        let room = membership(members[member.index].first).room
        rooms[room.index]!.lastSeq += 1
        return Line(
            room: room, seq: rooms[room.index]!.lastSeq, time: time, username: username,
            message: text)
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

    /// A member can't take lines as they come any more: `cursor` is the last that it was fed.
    public mutating func fellBehind(_ id: MembershipID, cursor: UInt64) {
        let membership = membership(id)
        memberships[id.index]!.cursor = cursor
        let last = rooms[membership.room.index]!.headCount - 1
        guard membership.seat <= last else { return }
        swapSeats(in: membership.room, Int(membership.seat), last)
        rooms[membership.room.index]!.headCount = last
    }

    /// A member that is behind was fed up to line `cursor`; with the last one it is at the head.
    public mutating func fed(_ id: MembershipID, upTo cursor: UInt64) {
        memberships[id.index]!.cursor = cursor
        if cursor == room(membership(id).room).lastSeq { moveToHead(id) }
    }

    public func isBehind(_ id: MembershipID) -> Bool {
        let membership = membership(id)
        return Int(membership.seat) >= room(membership.room).headCount
    }

    private mutating func moveToHead(_ id: MembershipID) {
        let membership = membership(id)
        let first = rooms[membership.room.index]!.headCount
        guard membership.seat >= first else { return }
        swapSeats(in: membership.room, Int(membership.seat), first)
        rooms[membership.room.index]!.headCount = first + 1
    }

    private mutating func swapSeats(in room: RoomID, _ left: Int, _ right: Int) {
        rooms[room.index]!.seats.swapAt(left, right)
        for place in [left, right] {
            let seat = rooms[room.index]!.seats[place]
            memberships[seat.membership.index]!.seat = Int32(place)
        }
    }

    private mutating func appear(named name: RoomName) -> RoomID {
        if let room = roomsByName[name] { return room }
        let id: RoomID
        if let free = freeRooms.popLast() {
            id = free
            rooms[id.index] = Room(name: name)
        } else {
            id = RoomID(rawValue: UInt32(rooms.count))
            rooms.append(Room(name: name))
        }
        roomsByName[name] = id
        return id
    }

    /// Frees a membership's seat. Returns its room if that vanished.
    private mutating func end(_ id: MembershipID) -> RoomID? {
        let membership = membership(id)
        let room = membership.room
        fellBehind(id, cursor: 0)
        let last = rooms[room.index]!.seats.count - 1
        swapSeats(in: room, Int(self.membership(id).seat), last)
        rooms[room.index]!.seats.removeLast()
        memberships[id.index] = nil
        freeMemberships.append(id)
        guard last == 0 else { return nil }
        roomsByName[rooms[room.index]!.name] = nil
        rooms[room.index] = nil
        freeRooms.append(room)
        return room
    }
}
