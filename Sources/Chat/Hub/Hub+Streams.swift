/// What the orderer tells of rooms.
extension Hub {
    /// The orderer has told the state of a room, of which every later entry follows. The room
    /// appears, if somebody is about to enter it.
    ///
    /// Members that have not got all lines up to there are behind afterwards, and read what they
    /// miss from the orderer. Returns whether there were such lines: then what the caller keeps of
    /// the room doesn't reach to its new entries.
    public mutating func following(
        _ name: RoomName, _ snapshot: RoomSnapshot
    ) -> (room: RoomID, hasJumped: Bool) {
        let room = appear(named: name)
        let last = rooms[room.index]!.lastSeq
        var heard = snapshot.lastSeq
        switch rooms[room.index]!.ordering {
        case .inPlace: preconditionFailure("a room that is ordered in place is followed by nobody")
        case .asked(let unheard):
            if let unheard { heard = min(unheard - 1, heard) }
        case .followed where rooms[room.index]!.epoch == snapshot.epoch,
            .lagging where rooms[room.index]!.epoch == snapshot.epoch:
            // An older state than what is known: the entries behind it came first.
            guard snapshot.lastSeq >= last else { return (room, false) }
            heard = last
        // Its numbers mean something else: what was before is over, for members that are behind,
        // too.
        case .followed, .lagging: bringToHead(room, at: snapshot.lastSeq)
        }
        if !rooms[room.index]!.isOpen { asked -= 1 }
        rooms[room.index]!.ordering = .followed
        rooms[room.index]!.epoch = snapshot.epoch
        rooms[room.index]!.lastSeq = snapshot.lastSeq
        rooms[room.index]!.lastRev = snapshot.lastRev
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

    /// Whether the state of some room has yet to be told: only then it matters which lines are
    /// known to have been said in it.
    public var asksForRooms: Bool { asked > 0 }

    /// Entries of a room were left out. Its room, if it is to be followed again.
    public mutating func lagging(_ name: RoomName) -> RoomID? {
        guard let room = room(named: name), rooms[room.index]!.ordering == .followed
        else { return nil }
        rooms[room.index]!.ordering = .lagging
        return room
    }

    /// What is to be done with an entry.
    public enum Taking: Equatable, Sendable {
        /// It is the next one.
        case deliver
        /// It is known, or the room is not followed now.
        case ignore
        /// Entries before it are missing.
        case follow
    }

    /// A line has come as an entry of a followed room: if it is the next one, it is the room's last
    /// from now on.
    public mutating func took(line seq: UInt64, in room: RoomID) -> Taking {
        let taking = taking(seq, after: rooms[room.index]!.lastSeq, in: room)
        if taking == .deliver { rooms[room.index]!.lastSeq = seq }
        return taking
    }

    /// The same of a change.
    public mutating func took(change rev: UInt64, in room: RoomID) -> Taking {
        let taking = taking(rev, after: rooms[room.index]!.lastRev, in: room)
        if taking == .deliver { rooms[room.index]!.lastRev = rev }
        return taking
    }

    private func taking(_ number: UInt64, after last: UInt64, in room: RoomID) -> Taking {
        switch rooms[room.index]!.ordering {
        case .inPlace, .asked, .lagging: .ignore
        case .followed: number <= last ? .ignore : number == last + 1 ? .deliver : .follow
        }
    }

    /// The orderer has given up lines of a room.
    public mutating func pruned(_ name: RoomName, oldest: UInt64) {
        guard let room = room(named: name) else { return }
        // A page that was read before may come after.
        rooms[room.index]!.oldest = max(rooms[room.index]!.oldest, oldest)
    }

    /// The names of all rooms that live.
    public var roomNames: [RoomName] { Array(roomsByName.keys) }
}
