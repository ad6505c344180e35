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

    /// A change has arrived. If it deletes many lines, or comes after one that does, it waits.
    mutating func arrived(
        _ change: RoomChange, in room: RoomID, _ name: RoomName
    ) -> Hub.Taking {
        let isLarge = change.goneLines.count > CutQueue.fewLines
        guard isLarge || !history.changes.cuts.isEmpty else { return took(change, in: room) }
        history.changes.cuts.append(.change(change, name))
        return .ignore
    }

    /// Changes that wait take effect, as far as a tick has time for it.
    @inline(never)
    mutating func continueCutting() {
        while let item = history.changes.cuts.first {
            switch item {
            case .answer(let id, let answer):
                _ = history.changes.cuts.removeFirst()
                changed(id, answer)
            case .change(let change, let name):
                if let room = hub.room(named: name) {
                    guard cutSlice(of: change, in: room) else { return }
                    _ = took(change, in: room)
                }
                for chunk in history.changes.cuts.removeFirst() { outbox.pool.release(chunk) }
            }
        }
    }

    /// Removes the texts of deleted lines from some more of the chunks in memory. Returns whether
    /// that is done but for new chunks.
    private mutating func cutSlice(of change: RoomChange, in room: RoomID) -> Bool {
        let gone = change.goneLines
        guard gone.count > CutQueue.fewLines else { return true }
        if !history.changes.cuts.hasBegun {
            seal(room)
            let chunks = Array(chunksWithLines(of: room))
            for chunk in chunks { outbox.pool.retain(chunk) }
            history.changes.cuts.begin(chunks)
        }
        let slice = history.changes.cuts.takeSlice(of: outbox.pool)
        guard !slice.isEmpty else { return true }
        let made = cut(gone, from: room, in: Set(slice))
        history.changes.cuts.saw(slice + made)
        return false
    }

    /// A change takes effect, and the members that take changes are told.
    mutating func apply(_ change: RoomChange, in room: RoomID) {
        let gone = change.goneLines
        if !gone.isEmpty {
            seal(room)
            let chunks = chunksWithLines(of: room).subtracting(history.changes.cuts.seen)
            for chunk in cut(gone, from: room, in: chunks) { outbox.pool.release(chunk) }
            connections.cutWaiting(Set(gone), of: hub.name(of: room))
        }
        if let settings = change.settings {
            hub.set(settings, in: room)
            recogniseMembers(of: room)
        }
        if case .restored(let restored) = change.kind, let first = restored.seqs.min() {
            hub.restored(from: first, in: room)
            putBack(restored.lines, in: room)
        }
        let events = keep(change, of: room)
        if !events.isEmpty { tell(events, change.rev, in: room) }
    }

    /// Keeps a change for members that are behind. Returns its events.
    @discardableResult
    private mutating func keep(_ change: RoomChange, of room: RoomID) -> [[UInt8]] {
        let name = hub.name(of: room)
        var events: [[UInt8]] = []
        if case .deleted(let seqs) = change.kind {
            var event: [UInt8] = []
            EventWriter.deleted(room: name, rev: change.rev, seqs: seqs, into: &event)
            events.append(event)
        }
        if !change.purged.isEmpty {
            events += EventWriter.purged(
                room: name, rev: change.rev, user: change.user, seqs: change.purged)
        }
        if let settings = change.settings {
            var event: [UInt8] = []
            EventWriter.room(name, rev: change.rev, settings, into: &event)
            events.append(event)
        }
        if case .restored(let restored) = change.kind, !restored.seqs.isEmpty {
            var event: [UInt8] = []
            EventWriter.restored(room: name, rev: change.rev, restored, into: &event)
            events.append(event)
        }
        let gone = change.goneLines
        if !gone.isEmpty { streams[room].changes.cut(LineCut(gone, of: name, inflater: nil)) }
        streams[room].changes.append(change, events)
        return events
    }

    /// Sends the events of a change to the members at the head. One whose ring is full is behind
    /// from now on, and gets them later.
    private mutating func tell(_ events: [[UInt8]], _ rev: UInt64, in room: RoomID) {
        let chunks = events.map { event in outbox.frameEvent { $0 += event } }
        let texts = StreamEvents.texts(of: events, rev, in: room, hub, streams, &outbox)
        let last = hub.lastSeq(of: room)
        let seats = hub.seats(of: room).prefix(hub.headCount(of: room))
        for seat in seats where hub.takesChanges(seat.membership) {
            let index = seat.member.index
            if connections[index].outbound.lineBytes <= UInt32(clamping: limits.highWatermark) {
                StreamEvents.enqueue(
                    chunks, texts, in: room, for: index, hub, streams, &connections, &outbox,
                    at: clock.coarse)
            } else {
                hub.fellBehind(seat.membership, cursor: last)
                hub.told(seat.membership, change: rev - 1)
                feeder.schedule(index, in: &connections)
            }
        }
        for chunk in chunks + texts { outbox.pool.release(chunk) }
    }

    /// Every chunk in memory that may have lines of a room.
    private mutating func chunksWithLines(of room: RoomID) -> Set<ChunkID> {
        outbox.waitingLines(connections).union(streams.chunks(of: room)).union(feeder.chunks)
    }

    /// Removes the texts of deleted lines from memory at once: from the room's log, from the rings
    /// of clients that haven't got them yet, and from pages that were read. Only a half sent frame
    /// continues. Returns the chunks that are made of these, with the references.
    private mutating func cut(
        _ seqs: [UInt64], from room: RoomID, in chunks: Set<ChunkID>
    ) -> [ChunkID] {
        let name = hub.name(of: room)
        let lines = LineCut(seqs, of: name, inflater: wire.inflater)
        let marking = LineCut(seqs, of: name, marks: true, inflater: wire.inflater)
        let replacements = outbox.cut(lines, marking: marking, from: chunks)
        streams.replace(replacements, in: room, pool: &outbox.pool)
        feeder.replace(replacements, pool: &outbox.pool)
        var marked: Set<Int> = []
        for seat in hub.seats(of: room) where hub.takesChanges(seat.membership) {
            marked.insert(seat.member.index)
        }
        outbox.replace(replacements, cutting: lines, marking: marking, in: &connections) {
            marked.contains($0)
        }
        // Tombstones can be longer than lines.
        if streams.isOverfull(room) { trim(room) }
        return replacements.made
    }

    /// Lines are back. Those that are stored are read from there, by members that are behind, too.
    /// Otherwise the log is encoded anew, without compression.
    private mutating func putBack(_ lines: [Line], in room: RoomID) {
        seal(room)
        guard history.isInPlace else {
            streams[room].log.trim(to: 0, pool: &outbox.pool)
            for seat in hub.readAgain(room) {
                feeder.schedule(seat.member.index, in: &connections)
            }
            return
        }
        let name = hub.name(of: room)
        guard let first = streams[room].log.firstSeq else { return }
        let known = logged(in: room, name)
        let back = lines.filter { first <= $0.seq }
        let last = hub.lastSeq(of: room)
        let present = Set(known.map(\.seq) + back.map(\.seq))
        let gone = (first...max(last, first)).filter { !present.contains($0) }.map {
            Line(seq: $0, time: Timestamp(milliseconds: 0), username: "", message: "").deleted
        }
        let all = (known + back + gone).sorted { $0.seq < $1.seq }
        streams[room].log.trim(to: 0, pool: &outbox.pool)
        guard last >= first else { return }
        // In pieces, so that the oldest can be dropped, and so that a change stands between two.
        var rest = all[...]
        while let start = rest.first?.seq {
            let end = streams[room].changes.boundary(after: start - 1) ?? last
            let piece = Array(rest.prefix(Self.restoredPiece).prefix { $0.seq <= end })
            rest = rest.dropFirst(piece.count)
            let batch = streams.encode(
                piece, covering: start...piece[piece.count - 1].seq, of: room, named: name,
                clock: &clock, pool: &outbox.pool)
            streams[room].log.append(batch, at: clock.coarse, pool: outbox.pool)
        }
        if streams.isOverfull(room) { trim(room) }
    }

    /// Lines in a batch of a log that is encoded anew.
    private static var restoredPiece: Int { 16 }

    /// A page without the texts of lines that were deleted after it was read.
    mutating func withoutDeleted(_ page: RoomPage, of name: RoomName) -> RoomPage {
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
