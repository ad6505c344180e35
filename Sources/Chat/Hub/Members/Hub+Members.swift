extension Hub {
    /// The number of members up to which their names are listed.
    public static let namedMembers = 200
    /// Milliseconds between two presence events in a room.
    public static let presencePeriod: UInt64 = 1_000

    /// A client of the plain dialect enters a room, at its head. The room is created if it has no
    /// member.
    public mutating func entered(_ member: MemberID, room name: RoomName) -> RoomID {
        let room = appear(named: name)
        entered(member, in: room)
        return room
    }

    /// The same for a room that has members.
    public mutating func entered(_ member: MemberID, in room: RoomID) {
        _ = sit(member, in: room, as: nil, listens: false)
        changed(room) { $0.joined(nil) }
    }

    /// Checks whether a member may enter a room under this name, and returns the trimmed name. It
    /// changes nothing, so that a refusal has no effect.
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

    /// A client of the rich dialect enters a room that is open, or whose lines aren't stored. It is
    /// at the head, or behind it if it has lines to get first.
    ///
    /// - Parameters:
    ///   - username: the result of ``mayJoin(_:_:as:)``.
    ///   - rev: the last change that it knows, if it takes changes.
    ///   - keptRev: the changes after this one are in memory.
    ///   - logged: the oldest line in memory, or `lastSeq + 1` if there is none.
    ///   - resumeLimit: the largest number of lines that it may have missed, and that it gets from
    ///     the store until it is at the head; 0: any number.
    ///   - isReader: it is the reader of an event stream.
    public mutating func joined(
        _ member: MemberID, _ name: RoomName, as username: String?, start: JoinStart,
        rev: UInt64? = nil, keptRev: UInt64 = 0, logged: UInt64, resumeLimit: Int,
        isReader: Bool = false
    ) -> Entrance {
        let room = appear(named: name)
        let id = sit(member, in: room, as: username, listens: true, isReader: isReader)
        memberships[id.index]!.takesChanges = rev != nil
        changed(room) { $0.joined(username) }
        if isReader { rooms[room.index]!.hasNewReader = true }
        toldCount(id)
        let last = rooms[room.index]!.lastSeq
        let isStored = rooms[room.index]!.isStored
        let oldest = isStored ? min(rooms[room.index]!.oldest, logged) : logged
        var cursor = last
        var recovered: Bool?
        var isOfOldEpoch = false
        switch start {
        case .resume(let epoch, let seq):
            isOfOldEpoch = isShared && epoch != rooms[room.index]!.epoch?.text
            recovered =
                canResume(room, epoch, seq, oldest: oldest, limit: resumeLimit)
                && (isOfOldEpoch || knows(room, rev, from: keptRev))
            cursor = recovered == true ? seq : last - min(last, UInt64(JoinStart.standardLines))
        case .last(let count): cursor = last - min(last, UInt64(count))
        }
        if recovered != true { cursor = max(cursor, min(oldest, last + 1) - 1) }
        let lastRev = rooms[room.index]!.lastRev
        var known = recovered == true ? rev ?? lastRev : lastRev
        // Where the changes of an old epoch have ended isn't known.
        if isOfOldEpoch, recovered == true, rev != nil { known = isReader ? keptRev : 0 }
        if cursor == last, known < lastRev {
            fellBehind(id, cursor: cursor)
            memberships[id.index]!.rev = known
        }
        if cursor < last {
            fellBehind(id, cursor: cursor)
            memberships[id.index]!.rev = known
            // The room may be flooded while the member reads. It must not miss the new lines.
            let most = resumeLimit == 0 ? .max : cursor + UInt64(resumeLimit)
            memberships[id.index]!.replayEnd = isStored ? max(last, most) : 0
        }
        return Entrance(membership: id, recovered: recovered)
    }

    /// Whether all changes after `rev` are available, if the member takes any.
    private func knows(_ room: RoomID, _ rev: UInt64?, from kept: UInt64) -> Bool {
        guard let rev else { return true }
        return kept <= rev && rev <= rooms[room.index]!.lastRev
    }

    /// Whether all lines after `seq` of that epoch are available.
    private func canResume(
        _ room: RoomID, _ epoch: String, _ seq: UInt64, oldest: UInt64, limit: Int
    ) -> Bool {
        guard let epoch = Epoch(epoch) else { return false }
        let last = rooms[room.index]!.lastSeq
        let isKnown: Bool
        if rooms[room.index]!.epoch == epoch {
            isKnown = seq <= last
        } else {
            isKnown = rooms[room.index]!.ends.contains {
                $0.epoch == epoch && seq <= $0.seq
            }
        }
        guard isKnown, seq <= last, limit == 0 || last - seq <= UInt64(limit) else { return false }
        return seq == last || seq + 1 >= oldest
    }

    /// Whether a client has seen later lines or changes of the room than this server, on another
    /// one that shares it. The orderer must be asked for its state then.
    public mutating func isBehind(
        _ start: JoinStart?, _ rev: UInt64?, in room: RoomID
    ) -> Bool {
        guard isShared, case .resume(let epoch, let seq) = start else { return false }
        let (lastSeq, lastRev) = (rooms[room.index]!.lastSeq, rooms[room.index]!.lastRev)
        guard lastSeq < seq || lastRev < rev ?? 0 else { return false }
        return Epoch(epoch) == rooms[room.index]!.epoch
    }

    /// A member has another name in a room, the result of ``mayJoin(_:_:as:)``.
    public mutating func renamed(_ id: MembershipID, _ username: String) {
        let membership = membership(id)
        if let old = membership.username, old.hasSameBytes(as: username) { return }
        changed(membership.room) { $0.renamed(from: membership.username, to: username) }
        memberships[id.index]!.username = username
    }

    /// A member has no name in a room any more, and must choose one before it says a line.
    public mutating func unnamed(_ id: MembershipID) {
        guard let old = membership(id).username else { return }
        changed(membership(id).room) { $0.unnamed(old) }
        memberships[id.index]!.username = nil
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

    /// A member asks for the members of its room. If the list has changes that no event has
    /// reported yet, the next event reports them to the member too, whatever it knows already.
    public mutating func askedForMembers(_ id: MembershipID) {
        if !rooms[membership(id).room.index]!.presence.isEmpty { heardOfChanges(id) }
    }

    /// A member was told the count, so it knows all changes so far.
    private mutating func toldCount(_ id: MembershipID) {
        memberships[id.index]!.knownChanges = rooms[membership(id).room.index]!.changes
    }

    /// A member has heard of changes that no event has reported yet. It still gets them with the
    /// others.
    public mutating func heardOfChanges(_ id: MembershipID) {
        toldCount(id)
        // Hearing of them counts as a change, so that the member doesn't know the last one.
        rooms[membership(id).room.index]!.changes &+= 1
    }

    /// Whether a member joined, or was told, in the middle of changes since change `before` that
    /// have cancelled out. What it was told then is out of date.
    public func cameAmidChanges(_ id: MembershipID, since before: UInt32) -> Bool {
        let membership = membership(id)
        let told = rooms[membership.room.index]!.toldChanges
        guard membership.listens, !membership.isAtRest, membership.knownChanges != told else {
            return false
        }
        return Int32(bitPattern: membership.knownChanges &- before) > 0
    }

    /// Whether a member keeps nothing, because it is a nameless reader of an event stream, at the
    /// head, that has missed no presence event.
    public func isAtRest(_ id: MembershipID) -> Bool { membership(id).isAtRest }

    /// Whether a member has yet to be told what others at the head know. From now on it counts as
    /// told.
    public mutating func toldPresence(_ id: MembershipID) -> Bool {
        let membership = membership(id)
        guard !membership.isAtRest else { return true }
        let told = rooms[membership.room.index]!.toldChanges
        guard Int32(bitPattern: told &- membership.knownChanges) > 0 else { return false }
        memberships[id.index]!.knownChanges = told
        restIfTold(id)
        return true
    }
}
