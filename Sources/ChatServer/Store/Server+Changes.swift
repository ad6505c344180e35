internal import Chat
internal import Reactor

/// Changes of rooms, as they come from the orderer.
extension Server where Net: ~Copyable {
    /// A change has arrived as an entry of a room. If it is the next one, it takes effect, and the
    /// members are told.
    mutating func took(_ change: RoomChange, in room: RoomID) -> Hub.Taking {
        // Lines before it reach the members first.
        seal(room)
        let taking = hub.took(change: change.rev, in: room)
        if taking == .deliver { apply(change, in: room) }
        return taking
    }

    /// The state of a room has arrived, with its last changes. Those that are new take effect.
    mutating func followChanges(_ snapshot: RoomSnapshot, in room: RoomID) {
        let known = hub.room(room).lastRev
        if streams[room].changes.last == 0, known == snapshot.lastRev {
            streams[room].changes = RoomChanges(after: known - UInt64(snapshot.changes.count))
            for change in snapshot.changes { keep(change, of: room) }
        }
        guard known < snapshot.lastRev else { return }
        let missed = snapshot.changes.filter { $0.rev > known }
        if missed.first?.rev != known + 1 {
            let before = missed.first.map { $0.rev - 1 } ?? snapshot.lastRev
            hub.missedChanges(upTo: before, in: room)
            hub.set(snapshot.settings, in: room)
            streams[room].changes = RoomChanges(after: before)
            // Nobody knows which of its lines were deleted.
            streams[room].log.trim(to: 0, pool: &outbox.pool)
            for seat in hub.seats(of: room) where hub.isBehind(seat.membership) {
                feeder.schedule(seat.member.index, in: &connections)
            }
        }
        for change in missed { _ = took(change, in: room) }
    }

    /// A change takes effect, and the members that take changes are told.
    mutating func apply(_ change: RoomChange, in room: RoomID) {
        let gone = change.goneLines
        if !gone.isEmpty { cut(gone, from: room) }
        if case .settings(let settings) = change.kind { hub.set(settings, in: room) }
        let event = keep(change, of: room)
        if !event.isEmpty { tell(event, change.rev, in: room) }
    }

    /// Keeps a change for members that are behind. Returns its event.
    @discardableResult
    private mutating func keep(_ change: RoomChange, of room: RoomID) -> [UInt8] {
        let name = hub.name(of: room)
        var event: [UInt8] = []
        switch change.kind {
        case .deleted(let seqs):
            EventWriter.deleted(room: name, rev: change.rev, seqs: seqs, into: &event)
        case .settings(let settings):
            EventWriter.room(name, rev: change.rev, settings, into: &event)
        // Nobody else gets to know.
        case .banned, .unbanned, .past: break
        }
        streams[room].changes.append(change, event)
        return event
    }

    /// Sends the event of a change to the members at the head. One whose ring is full is behind
    /// from now on, and gets it later.
    private mutating func tell(_ event: [UInt8], _ rev: UInt64, in room: RoomID) {
        let chunk = outbox.frameEvent { $0 += event }
        let last = hub.lastSeq(of: room)
        let seats = hub.seats(of: room).prefix(hub.headCount(of: room))
        for seat in seats where hub.takesChanges(seat.membership) {
            let index = seat.member.index
            if connections[index].outbound.lineBytes <= UInt32(clamping: limits.highWatermark) {
                enqueue(index, chunk, lane: .lines)
            } else {
                hub.fellBehind(seat.membership, cursor: last)
                hub.told(seat.membership, change: rev - 1)
                feeder.schedule(index, in: &connections)
            }
        }
        outbox.pool.release(chunk)
    }

    /// Removes the texts of deleted lines from memory at once: from the room's log, from the rings
    /// of clients that haven't got them yet, and from pages that were read. Only a half sent frame
    /// continues.
    private mutating func cut(_ seqs: [UInt64], from room: RoomID) {
        seal(room)
        let name = hub.name(of: room)
        let lines = LineCut(seqs, of: name, inflater: wire.inflater)
        let marking = LineCut(seqs, of: name, marks: true, inflater: wire.inflater)
        let chunks = outbox.waitingLines(connections)
            .union(streams.chunks(of: room)).union(feeder.chunks)
        let replacements = outbox.cut(lines, marking: marking, from: chunks)
        streams.replace(replacements, in: room, pool: &outbox.pool)
        feeder.replace(replacements, pool: &outbox.pool)
        connections.cutWaiting(Set(seqs), of: name)
        var marked: Set<Int> = []
        for seat in hub.seats(of: room) where hub.takesChanges(seat.membership) {
            marked.insert(seat.member.index)
        }
        outbox.replace(replacements, cutting: lines, marking: marking, in: &connections) {
            marked.contains($0)
        }
        for chunk in replacements.made { outbox.pool.release(chunk) }
    }

    /// A page without the texts of lines that were deleted after it was read.
    func withoutDeleted(_ page: RoomPage, of name: RoomName) -> RoomPage {
        guard let room = hub.room(named: name), streams[room].changes.hasTakenAny else {
            return page
        }
        let lines = page.lines.map { line in
            streams[room].changes.hasTaken(line.seq) ? line.deleted : line
        }
        return RoomPage(lines: lines, through: page.through, oldest: page.oldest)
    }

    /// The event of a line that was read, or its tombstone.
    func event(_ line: Line, of room: RoomName) -> [UInt8] {
        var event: [UInt8] = []
        guard !line.isDeleted else {
            EventWriter.mark(room: room, seq: line.seq, into: &event)
            return event
        }
        EventWriter.line(
            room: room, seq: line.seq, time: line.time, username: line.username,
            message: line.message, by: line.author, into: &event)
        return event
    }
}
