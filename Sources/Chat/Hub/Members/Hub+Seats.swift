/// Which members get each line as it arrives, and which are fed at their own pace.
extension Hub {
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

    /// The same member's next membership.
    public func nextMembership(after id: MembershipID) -> MembershipID? {
        let next = memberships[id.index]!.next
        return next == .none ? nil : next
    }

    /// A member's membership in a room, or nil if it isn't in it.
    public func membership(of member: MemberID, in room: RoomID) -> MembershipID? {
        var next = firstMembership(of: member)
        while let id = next {
            if membership(id).room == room { return id }
            next = nextMembership(after: id)
        }
        return nil
    }

    /// Makes a new membership at the head of its room.
    mutating func sit(
        _ member: MemberID, in room: RoomID, as username: String?, listens: Bool,
        isReader: Bool = false
    ) -> MembershipID {
        while firsts.count <= member.index {
            firsts.append(.none)
            allowances.append(TokenBucket())
        }
        let seat = rooms[room.index]!.seats.count
        let membership = Membership(
            member: member, room: room, seat: Int32(seat), next: firsts[member.index],
            username: username, listens: listens, isReader: isReader)
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

    /// A member can't take lines as they arrive any more. `cursor` is the last line it was fed.
    public mutating func fellBehind(_ id: MembershipID, cursor: UInt64) {
        let membership = membership(id)
        if membership.isAtRest {
            memberships[id.index]!.wake(knowing: rooms[membership.room.index]!.toldChanges)
        }
        memberships[id.index]!.cursor = cursor
        if !isBehind(id) { memberships[id.index]!.rev = rooms[membership.room.index]!.lastRev }
        let last = rooms[membership.room.index]!.headCount - 1
        guard membership.seat <= last else { return }
        swapSeats(in: membership.room, Int(membership.seat), last)
        rooms[membership.room.index]!.headCount = last
    }

    /// The same for a member that can't take the presence event that others get now. It knows the
    /// changes of the members up to `known`.
    public mutating func fellBehind(_ id: MembershipID, cursor: UInt64, knowing known: UInt32) {
        if isAtRest(id) { memberships[id.index]!.wake(knowing: known) }
        fellBehind(id, cursor: cursor)
    }

    /// A member that is behind was fed up to line `cursor`. If that is `head`, the last line before
    /// those yet to be handed out, the member is at the head.
    public mutating func fed(_ id: MembershipID, upTo cursor: UInt64, head: UInt64) {
        memberships[id.index]!.cursor = cursor
        if cursor == head, hasAllChanges(id) { moveToHead(id) }
    }

    /// A member that is behind was given the changes up to this one.
    public mutating func told(_ id: MembershipID, change rev: UInt64) {
        memberships[id.index]!.rev = rev
    }

    /// Whether a member that is behind was given every change of its room, if it takes changes.
    public func hasAllChanges(_ id: MembershipID) -> Bool {
        let membership = membership(id)
        return !membership.takesChanges || membership.rev >= rooms[membership.room.index]!.lastRev
    }

    /// Whether a member takes changes of its room.
    public func takesChanges(_ id: MembershipID) -> Bool { memberships[id.index]!.takesChanges }

    public func isBehind(_ id: MembershipID) -> Bool {
        // Access single fields, because a copy of a membership counts references.
        Int(memberships[id.index]!.seat) >= headCount(of: memberships[id.index]!.room)
    }

    /// Whether a member is behind in any of its rooms.
    public func isBehind(_ member: MemberID) -> Bool {
        var next = firstMembership(of: member)
        while let id = next {
            if isBehind(id) { return true }
            next = nextMembership(after: id)
        }
        return false
    }

    /// Makes this the first of its member's memberships. Those before it move to the end.
    public mutating func beginWith(_ id: MembershipID) {
        let member = membership(id).member
        let first = firsts[member.index]
        guard first != id else { return }
        var (before, last) = (first, id)
        while membership(before).next != id { before = membership(before).next }
        while membership(last).next != .none { last = membership(last).next }
        memberships[before.index]!.next = .none
        memberships[last.index]!.next = first
        firsts[member.index] = id
    }

    /// Lines for a member are on their way from the store, or have arrived.
    public mutating func reads(_ id: MembershipID, _ isReading: Bool) {
        memberships[id.index]!.isReading = isReading
    }

    /// Whether lines for a member are on their way from the store.
    public func isReading(_ id: MembershipID) -> Bool { memberships[id.index]!.isReading }

    /// The store has no more of the lines that a member was promised.
    public mutating func gaveUp(_ id: MembershipID) {
        memberships[id.index]!.replayEnd = 0
    }

    mutating func moveToHead(_ id: MembershipID) {
        let membership = membership(id)
        let first = headCount(of: membership.room)
        memberships[id.index]!.replayEnd = 0
        guard membership.seat >= first else { return }
        swapSeats(in: membership.room, Int(membership.seat), first)
        rooms[membership.room.index]!.headCount = first + 1
        restIfTold(id)
    }

    /// A reader that is at the head and knows its room's last presence event keeps nothing.
    mutating func restIfTold(_ id: MembershipID) {
        let told = rooms[membership(id).room.index]!.toldChanges
        guard !isBehind(id), Int32(bitPattern: told &- membership(id).knownChanges) <= 0 else {
            return
        }
        memberships[id.index]!.rest()
    }

    mutating func swapSeats(in room: RoomID, _ left: Int, _ right: Int) {
        guard left != right else { return }
        rooms[room.index]!.seats.swapAt(left, right)
        for place in [left, right] {
            let seat = rooms[room.index]!.seats[place]
            memberships[seat.membership.index]!.seat = Int32(place)
        }
    }
}
