/// The hub's view of the orderer's streams.
extension Hub {
    /// The orderer has sent a snapshot of a room; every later entry follows it. The room appears if
    /// a member is about to enter it.
    ///
    /// Members that don't have all lines up to the snapshot are behind afterwards, and read the
    /// missing ones from the orderer. The caller hands over changes that it has not yet taken,
    /// with ``took(change:in:)``. Returns whether lines are missing: if so, the lines that the
    /// caller keeps of the room don't reach its new entries.
    public mutating func following(
        _ name: RoomName, _ snapshot: RoomSnapshot
    ) -> (room: RoomID, hasJumped: Bool) {
        let room = appear(named: name)
        if isShared { changed(elsewhere: snapshot.elsewhere, in: room) }
        let last = rooms[room.index]!.lastSeq
        var heard = snapshot.lastSeq
        switch rooms[room.index]!.ordering {
        case .inPlace: preconditionFailure("a room that is ordered in place can't be followed")
        case .asked(let unheard):
            if let unheard { heard = min(unheard - 1, heard) }
            rooms[room.index]!.lastRev = snapshot.lastRev
            set(snapshot.settings, in: room)
        case .followed where rooms[room.index]!.epoch == snapshot.epoch,
            .lagging where rooms[room.index]!.epoch == snapshot.epoch:
            // The snapshot is older than what is known, because entries after it arrived first.
            guard snapshot.lastSeq >= last else { return (room, false) }
            heard = last
        // A new epoch: its numbers have another meaning. The old lines are over, also for members
        // that are behind.
        case .followed, .lagging: bringToHead(room, at: snapshot.lastSeq)
        }
        if !rooms[room.index]!.isOpen { asked -= 1 }
        rooms[room.index]!.ordering = .followed
        rooms[room.index]!.epoch = snapshot.epoch
        rooms[room.index]!.lastSeq = snapshot.lastSeq
        rooms[room.index]!.oldest = snapshot.oldest
        rooms[room.index]!.ends = snapshot.ends
        guard heard < snapshot.lastSeq else { return (room, last != snapshot.lastSeq) }
        for seat in rooms[room.index]!.seats {
            let id = seat.membership
            if !isBehind(id) { fellBehind(id, cursor: heard) }
            memberships[id.index]!.replayEnd = max(
                memberships[id.index]!.replayEnd, snapshot.lastSeq)
        }
        return (room, true)
    }

    private mutating func bringToHead(_ room: RoomID, at seq: UInt64) {
        for seat in rooms[room.index]!.seats where isBehind(seat.membership) {
            reads(seat.membership, false)
            fed(seat.membership, upTo: seq, head: seq)
        }
    }

    /// Whether the orderer has yet to send the state of some room. Only then does it matter which
    /// lines are known to have been said in that room.
    public var asksForRooms: Bool { asked > 0 }

    /// Entries of a room were left out. Returns the room if it is to be followed again.
    public mutating func lagging(_ name: RoomName) -> RoomID? {
        guard let room = room(named: name), rooms[room.index]!.ordering == .followed
        else { return nil }
        rooms[room.index]!.ordering = .lagging
        return room
    }

    /// What to do with an entry.
    public enum Taking: Equatable, Sendable {
        /// It is the next one.
        case deliver
        /// It is already known, or the room isn't followed now.
        case ignore
        /// Entries before it are missing.
        case follow

        // It gets the ordering, because a method of the hub would get a copy of the hub.
        init(of number: UInt64, after last: UInt64, _ ordering: RoomOrdering) {
            switch ordering {
            case .inPlace, .asked, .lagging: self = .ignore
            case .followed:
                self = number <= last ? .ignore : number == last + 1 ? .deliver : .follow
            }
        }
    }

    /// A line has arrived as an entry of a followed room. If it is the next one, it becomes the
    /// room's last line.
    public mutating func took(line seq: UInt64, in room: RoomID) -> Taking {
        let taking = Taking(
            of: seq, after: rooms[room.index]!.lastSeq, rooms[room.index]!.ordering)
        if taking == .deliver { rooms[room.index]!.lastSeq = seq }
        return taking
    }

    /// The same for a change. A room that is ordered in place misses none.
    public mutating func took(change rev: UInt64, in room: RoomID) -> Taking {
        let last = rooms[room.index]!.lastRev
        var taking = Taking(of: rev, after: last, rooms[room.index]!.ordering)
        if case .inPlace = ordering { taking = rev <= last ? .ignore : .deliver }
        if taking == .deliver { rooms[room.index]!.lastRev = rev }
        return taking
    }

    /// Changes up to this one are missing, and not available. The members that take changes are
    /// behind afterwards.
    public mutating func missedChanges(upTo rev: UInt64, in room: RoomID) {
        for seat in rooms[room.index]!.seats where takesChanges(seat.membership) {
            guard !isBehind(seat.membership) else { continue }
            fellBehind(seat.membership, cursor: rooms[room.index]!.lastSeq)
        }
        rooms[room.index]!.lastRev = max(rooms[room.index]!.lastRev, rev)
    }

    /// Lines of a room are back in the store. Returns the members that are behind: they read them
    /// there.
    public mutating func readAgain(_ room: RoomID) -> [Seat] {
        let behind = rooms[room.index]!.seats.filter { isBehind($0.membership) }
        for seat in behind {
            memberships[seat.membership.index]!.replayEnd = max(
                memberships[seat.membership.index]!.replayEnd, rooms[room.index]!.lastSeq)
        }
        return behind
    }

    /// The orderer has deleted old lines of a room.
    public mutating func pruned(_ name: RoomName, oldest: UInt64) {
        guard let room = room(named: name) else { return }
        // A page that was read earlier may arrive later.
        rooms[room.index]!.oldest = max(rooms[room.index]!.oldest, oldest)
    }

    /// Lines from this number on were brought back, which may be older than the oldest one was.
    public mutating func restored(from seq: UInt64, in room: RoomID) {
        rooms[room.index]!.oldest = min(rooms[room.index]!.oldest, seq)
    }

    /// The number of a room's last change.
    @inlinable public func lastRev(of room: RoomID) -> UInt64 { rooms[room.index]!.lastRev }

    /// The names of all rooms with members.
    public var roomNames: [RoomName] { Array(roomsByName.keys) }
}
