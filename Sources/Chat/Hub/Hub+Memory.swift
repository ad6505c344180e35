/// The memory of rooms and members, and how it comes back after a crowd.
extension Hub {
    /// Bytes of memory for a room with one member, besides the membership.
    @usableFromInline static var roomBytes: Int { 640 }
    /// Bytes of memory for a membership of a member with a short name.
    @usableFromInline static var membershipBytes: Int { 256 }

    /// Bytes that rooms, memberships, the keys of recent lines, terms, and lines that wait take.
    // Inlined, because a call would get a copy of the hub.
    @inlinable public var bytes: Int {
        roomsByName.count * Self.roomBytes
            + (memberships.count - freeMemberships.count) * Self.membershipBytes + sends.bytes
            + held.bytes + filterBytes + elsewhereBytes
    }

    /// Bytes that a member takes in its rooms.
    public func bytes(of member: MemberID) -> Int {
        memberships(of: member).count * Self.membershipBytes
    }

    /// Gives back the memory of rooms and memberships that have ended, as far as none of those that
    /// are left has a higher number, and except the first `listed` rooms. Returns the number of
    /// places for rooms.
    public mutating func giveBack(keeping listed: Int = 0) -> Int {
        let last = rooms.lastIndex { $0 != nil } ?? -1
        let count = min(rooms.count, max(last + 1, listed))
        rooms = Array(rooms.prefix(count))
        names = Array(names.prefix(count))
        freeRooms = freeRooms.filter { $0.index < count }
        var byName: [RoomName: RoomID] = [:]
        byName.reserveCapacity(roomsByName.count)
        for (name, room) in roomsByName { byName[name] = room }
        roomsByName = byName

        let end = (memberships.lastIndex { $0 != nil } ?? -1) + 1
        var kept: [Membership?] = []
        kept.reserveCapacity(max(capacity, end))
        kept.append(contentsOf: memberships.prefix(end))
        memberships = kept
        freeMemberships = freeMemberships.filter { $0.index < end }
        arrivals = Array(arrivals.prefix(end))
        return count
    }
}
