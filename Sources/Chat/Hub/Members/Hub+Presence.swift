/// What members are told of a room's members, on this server and on others.
extension Hub {
    /// The number of a room's members on all servers.
    @inlinable public func totalCount(of room: RoomID) -> Int {
        let count = rooms[room.index]!.seats.count
        return elsewhere.isEmpty ? count : count + (elsewhere[room]?.count ?? 0)
    }

    /// The names of a room's members on all servers, sorted by their bytes. Nil if there are too
    /// many members.
    private func usernames(in room: RoomID) -> [String]? {
        guard totalCount(of: room) <= Self.namedMembers else { return nil }
        let own = seats(of: room).compactMap { membership($0.membership).username }
        guard let others = elsewhere[room] else { return ByteOrder.sorted(own) }
        return others.usernames.map { ByteOrder.sorted(own + $0) }
    }

    /// Distinguishes the states of a room's ``memberList(of:)``, on a circle of 2^32.
    public func listVersion(of room: RoomID) -> UInt32 { rooms[room.index]!.listVersion }

    /// The members of a room. Making the list takes long: it is the same until the version changes.
    public func memberList(of room: RoomID) -> MemberList {
        let usernames = usernames(in: room)
        let presence = rooms[room.index]!.presence
        return MemberList(
            count: totalCount(of: room), usernames: usernames,
            number: rooms[room.index]!.presenceNumber,
            untold: presence.isEmpty || usernames == nil ? nil : presence.names)
    }

    /// Takes the changes in a room since the last call, which then count as told. Nil if they
    /// cancel out.
    public mutating func takePresence(of room: RoomID, at now: UInt64) -> Presence? {
        let isEmpty = rooms[room.index]!.presence.isEmpty && !rooms[room.index]!.hasNewReader
        rooms[room.index]!.hasNewReader = false
        let names = rooms[room.index]!.presence.take()
        let count = totalCount(of: room)
        rooms[room.index]!.toldChanges = rooms[room.index]!.changes
        guard !isEmpty else { return nil }
        let areNamed = count <= Self.namedMembers
        return Presence(
            number: numberedPresence(of: room, at: now), count: count,
            joined: areNamed ? names?.joined : nil, left: areNamed ? names?.left : nil)
    }

    /// The event for members that heard of a part of the changes, if these have cancelled out.
    public mutating func takeUnchangedPresence(of room: RoomID, at now: UInt64) -> Presence {
        Presence(
            number: numberedPresence(of: room, at: now), count: totalCount(of: room), joined: [],
            left: [])
    }

    private mutating func numberedPresence(of room: RoomID, at now: UInt64) -> UInt32 {
        rooms[room.index]!.toldAt = now
        rooms[room.index]!.presenceNumber += 1
        rooms[room.index]!.listVersion &+= 1
        return rooms[room.index]!.presenceNumber
    }

    /// The event for a member that was behind while others were told of changes: the number of
    /// members, without the names.
    public func missedPresence(of room: RoomID) -> Presence {
        Presence(number: rooms[room.index]!.presenceNumber, count: totalCount(of: room))
    }

    // MARK: Other servers

    /// The members that a room has on this server, as other servers are told.
    public func ownPresence(of room: RoomID) -> RoomPresence {
        let count = memberCount(of: room)
        guard count <= Self.namedMembers else { return RoomPresence(count: count, usernames: nil) }
        return RoomPresence(
            count: count,
            usernames: seats(of: room).compactMap { membership($0.membership).username })
    }

    /// A room has these members on other servers now. The next presence event tells the difference.
    public mutating func changed(elsewhere new: RoomPresence, in room: RoomID) {
        let old = elsewhere[room] ?? .nobody
        guard old != new else { return }
        setElsewhere(new, in: room)
        changed(room) { $0.moved(from: old, to: new) }
    }

    mutating func setElsewhere(_ new: RoomPresence, in room: RoomID) {
        if let old = elsewhere[room] {
            elsewhereBytes -= Self.bytes(of: old)
            elsewhereCount -= old.count
        }
        if new != .nobody { elsewhereBytes += Self.bytes(of: new) }
        elsewhereCount += new.count
        elsewhere[room] = new == .nobody ? nil : new
    }

    private static func bytes(of presence: RoomPresence) -> Int {
        (presence.usernames ?? []).reduce(64) { $0 + 16 + $1.utf8.count }
    }
}
