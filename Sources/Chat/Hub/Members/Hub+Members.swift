extension Hub {
    /// Members up to whom their names are told.
    public static let namedMembers = 200
    /// Milliseconds between two events of presence in a room.
    public static let presencePeriod: UInt64 = 1_000

    /// A client of the plain dialect enters a room, at its head; the room appears if nobody is in
    /// it yet.
    public mutating func entered(_ member: MemberID, room name: RoomName) -> RoomID {
        let room = appear(named: name)
        entered(member, in: room)
        return room
    }

    /// The same for a room that somebody is in.
    public mutating func entered(_ member: MemberID, in room: RoomID) {
        _ = sit(member, in: room, as: nil, listens: false)
        changed(room) { $0.joined(nil) }
    }

    /// Whether a member may enter a room under this name, which comes back trimmed. Asked before
    /// anything is done, so that a refusal changes nothing.
    public func mayJoin(
        _ member: MemberID, _ name: RoomName, as username: String?
    ) throws(Refusal) -> String? {
        let username: String? =
            if let username {
                try ChatText.checkedUsername(username, limits: limits)
            } else {
                nil
            }
        if let room = room(named: name), membership(of: member, in: room) != nil { return username }
        guard limits.rooms == 0 || memberships(of: member).count < limits.rooms else {
            throw .tooManyRooms(limit: limits.rooms)
        }
        return username
    }

    /// A client of the rich dialect enters a room that is open, or that nothing is stored of. It is
    /// at the head, or, where it has lines to get first, behind it.
    ///
    /// - Parameters:
    ///   - username: as ``mayJoin(_:_:as:)`` returned it.
    ///   - logged: the oldest line that the room keeps in memory; `lastSeq + 1` where it keeps
    ///     none.
    ///   - resumeLimit: lines that it may have missed at most, and those that it gets of the store
    ///     until it is at the head; 0: any number.
    public mutating func joined(
        _ member: MemberID, _ name: RoomName, as username: String?, start: JoinStart,
        logged: UInt64, resumeLimit: Int
    ) -> Entrance {
        let room = appear(named: name)
        let id = sit(member, in: room, as: username, listens: true)
        changed(room) { $0.joined(username) }
        toldCount(id)
        let last = rooms[room.index]!.lastSeq
        let isStored = rooms[room.index]!.isStored
        let oldest = isStored ? min(rooms[room.index]!.oldest, logged) : logged
        var cursor = last
        var recovered: Bool?
        switch start {
        case .resume(let epoch, let seq):
            recovered = canResume(room, epoch, seq, oldest: oldest, limit: resumeLimit)
            cursor = recovered == true ? seq : last - min(last, UInt64(JoinStart.standardLines))
        case .last(let count): cursor = last - min(last, UInt64(count))
        }
        if recovered != true { cursor = max(cursor, min(oldest, last + 1) - 1) }
        if cursor < last {
            fellBehind(id, cursor: cursor)
            // A room in a flood goes on while it reads: it is not to miss what came meanwhile.
            let most = resumeLimit == 0 ? .max : cursor + UInt64(resumeLimit)
            memberships[id.index]!.replayEnd = isStored ? max(last, most) : 0
        }
        return Entrance(membership: id, recovered: recovered)
    }

    /// Whether all lines after `seq` of that epoch can be had.
    private func canResume(
        _ room: RoomID, _ epoch: String, _ seq: UInt64, oldest: UInt64, limit: Int
    ) -> Bool {
        let last = rooms[room.index]!.lastSeq
        let isKnown: Bool
        if rooms[room.index]!.epoch?.text == epoch {
            isKnown = seq <= last
        } else {
            isKnown = rooms[room.index]!.ends.contains {
                $0.epoch.text == epoch && seq <= $0.seq
            }
        }
        guard isKnown, seq <= last, limit == 0 || last - seq <= UInt64(limit) else { return false }
        return seq == last || seq + 1 >= oldest
    }

    /// A member goes by another name in a room; as ``mayJoin(_:_:as:)`` returned it.
    public mutating func renamed(_ id: MembershipID, _ username: String) {
        let membership = membership(id)
        // Strings are equal that only look the same; those of other lengths never are.
        if let old = membership.username, old == username, old.utf8.count == username.utf8.count {
            return
        }
        changed(membership.room) { $0.renamed(from: membership.username, to: username) }
        memberships[id.index]!.username = username
    }

    mutating func changed(_ room: RoomID, _ change: (inout PresenceChanges) -> Void) {
        rooms[room.index]!.changed(change)
    }

    /// Whether members at the head have yet to be told of a change.
    @inlinable public func hasNews(_ room: RoomID) -> Bool {
        rooms[room.index]!.changes != rooms[room.index]!.toldChanges
    }

    /// The last change that members at the head were told of.
    @inlinable public func toldChanges(of room: RoomID) -> UInt32 {
        rooms[room.index]!.toldChanges
    }

    /// When they were told, in milliseconds on the monotonic clock.
    @inlinable public func toldAt(_ room: RoomID) -> UInt64 { rooms[room.index]!.toldAt }

    /// The names of a room's members in the order of their bytes; nil if there are too many.
    private func usernames(in room: RoomID) -> [String]? {
        guard memberCount(of: room) <= Self.namedMembers else { return nil }
        return seats(of: room).compactMap { membership($0.membership).username }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A member asks for the members of its room. If the list has changes that are not told yet,
    /// the member is told them with the next event, whatever it knows already.
    public mutating func askedForMembers(_ id: MembershipID) -> MemberList {
        let room = membership(id).room
        let isUntold = !rooms[room.index]!.presence.isEmpty
        if isUntold { heardOfChanges(id) }
        let usernames = usernames(in: room)
        return MemberList(
            count: memberCount(of: room), usernames: usernames,
            number: rooms[room.index]!.presenceNumber,
            untold: isUntold && usernames != nil ? rooms[room.index]!.presence.names : nil)
    }

    /// What has changed in a room since this was last asked; from now on it counts as told. Nil
    /// if all of it has come to nothing.
    public mutating func takePresence(of room: RoomID, at now: UInt64) -> Presence? {
        let isEmpty = rooms[room.index]!.presence.isEmpty
        let names = rooms[room.index]!.presence.take()
        let count = rooms[room.index]!.seats.count
        rooms[room.index]!.toldChanges = rooms[room.index]!.changes
        guard !isEmpty else { return nil }
        let areNamed = count <= Self.namedMembers
        return Presence(
            number: numberedPresence(of: room, at: now), count: count,
            joined: areNamed ? names?.joined : nil, left: areNamed ? names?.left : nil)
    }

    /// What members are told if changes have come to nothing, but some of them heard of a part.
    public mutating func takeUnchangedPresence(of room: RoomID, at now: UInt64) -> Presence {
        Presence(
            number: numberedPresence(of: room, at: now), count: memberCount(of: room), joined: [],
            left: [])
    }

    private mutating func numberedPresence(of room: RoomID, at now: UInt64) -> UInt32 {
        rooms[room.index]!.toldAt = now
        rooms[room.index]!.presenceNumber += 1
        return rooms[room.index]!.presenceNumber
    }

    /// What a member is told that was behind while others were told of changes: the number of
    /// members, without the names.
    public func missedPresence(of room: RoomID) -> Presence {
        Presence(number: rooms[room.index]!.presenceNumber, count: memberCount(of: room))
    }

    /// A member was told how many there are now: it knows all changes until here.
    private mutating func toldCount(_ id: MembershipID) {
        memberships[id.index]!.knownChanges = rooms[membership(id).room.index]!.changes
    }

    /// A member that was there before heard of changes that are not told yet. It is told them with
    /// the others all the same.
    public mutating func heardOfChanges(_ id: MembershipID) {
        let room = membership(id).room
        memberships[id.index]!.knownChanges = rooms[room.index]!.changes
        // To hear of them counts as a change, so that the member doesn't know the last one.
        rooms[room.index]!.changes &+= 1
    }

    /// Whether a member came, or was told, in the middle of changes that came to nothing for those
    /// who had been told of change `before`: what it was told then is not so any more.
    public func cameAmidChanges(_ id: MembershipID, since before: UInt32) -> Bool {
        let membership = membership(id)
        let told = rooms[membership.room.index]!.toldChanges
        guard membership.listens, membership.knownChanges != told else { return false }
        return Int32(bitPattern: membership.knownChanges &- before) > 0
    }

    /// Whether a member has yet to be told what others at the head know; from now on it knows.
    public mutating func toldPresence(_ id: MembershipID) -> Bool {
        let membership = membership(id)
        let told = rooms[membership.room.index]!.toldChanges
        guard Int32(bitPattern: told &- membership.knownChanges) > 0 else { return false }
        memberships[id.index]!.knownChanges = told
        return true
    }
}
