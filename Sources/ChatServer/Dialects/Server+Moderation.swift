internal import Chat
internal import Identity
internal import Reactor

/// Commands that change a room.
extension Server where Net: ~Copyable {
    /// A client wants to change a room. The orderer decides. Without one, that is done here.
    mutating func moderate(
        _ index: Int, _ id: String?, _ room: RoomName, _ wanted: Moderation, by author: Author
    ) throws(Refusal) {
        allowances.turns.spend(Cost.change(wanted))
        guard author.user != nil else { throw .notModerator }
        if case .ban(let order) = wanted { try checkRank(order, in: room, by: author) }
        if case .terms(let order) = wanted, hub.termCount + order.added.count > Limits.terms {
            throw .tooManyTerms
        }
        var request = ChangeRequest(
            id: history.changes.nextID, room: room, wanted: wanted, by: author, key: id,
            time: clock.wall)
        if history.isInPlace { request.evidence = try evidence(for: request) }
        if !history.keepsChanges, request.concernsHeldLines {
            request.evidence?.held = hub.held.lines(in: room)
        }
        guard !history.keepsChanges else {
            guard history.takesChanges else { throw Self.storeUnavailable }
            return history.submit(request, from: connections.token(at: index))
        }
        switch try history.ledger.make(request) {
        case .known(let rev): acknowledge(index, id, request, rev: rev)
        case .new(let change):
            bansChanged(change, in: room)
            if let id = hub.room(named: room) { _ = arrived(change, in: id, room) }
            acknowledge(index, id, request, rev: change.rev)
        }
    }

    /// The author of changes of a room, or of the whole server. It may not be a moderator: authors
    /// may delete their own lines.
    mutating func moderator(_ index: Int, of room: RoomName) throws(Refusal) -> Author {
        guard room != .everywhere else {
            guard let sub = identities.sub(index), identities.rights(index)?.role == .owner else {
                throw .notOwner
            }
            return Author(user: sub, badge: .owner)
        }
        try checkOpen(index, room)
        return author(index, in: room)
    }

    /// Whether a client has any room to moderate.
    mutating func moderatesSomewhere(_ index: Int) -> Bool {
        guard connections[index].flags.contains(.identified),
            let rights = identities.rights(index)
        else { return false }
        return rights.role >= .moderator
            || hub.memberships(of: MemberID(index: index)).contains { id in
                author(index, in: hub.name(of: hub.room(of: id))).moderates
            }
    }

    /// A moderator wants a list.
    mutating func report(
        _ index: Int, _ id: String?, _ room: RoomName, _ query: ReportQuery, by author: Author
    ) throws(Refusal) {
        allowances.turns.spend(Cost.page)
        guard author.moderates else { throw .notModerator }
        guard !history.keepsChanges else {
            let asker = connections.token(at: index)
            guard history.takesChanges, history.ask(query, of: room, id, for: asker) else {
                throw Self.storeUnavailable
            }
            return
        }
        tell(
            index, history.ledger.report(query, of: room, at: clock.wall), on: query, id: id, room)
    }

    private mutating func tell(
        _ index: Int, _ report: Report, on query: ReportQuery, id: String?, _ room: RoomName
    ) {
        guard connections[index].isInChat else {
            return answerRequest(index) {
                EventWriter.report(query, id: nil, room: room, report, into: &$0)
            }
        }
        enqueueReply(index) {
            EventWriter.report(query, id: id, room: room, report, into: &$0)
        }
    }

    /// A list has arrived. Nil if it can't be read.
    mutating func reported(_ number: UInt64, _ report: Report?) {
        guard let asked = history.reports.take(number), connections.contains(asked.asker) else {
            return
        }
        let index = asked.asker.index
        guard let report else { return refuse(index, Self.storeUnavailable, id: asked.id) }
        tell(index, report, on: asked.query, id: asked.id, asked.room)
    }

    /// A moderator makes the room say a line.
    mutating func announce(
        _ index: Int, _ id: String?, _ room: RoomName, _ message: String
    ) throws(Refusal) {
        allowances.turns.spend(Cost.line)
        try checkOpen(index, room)
        guard author(index, in: room).moderates else { throw .notModerator }
        guard let place = hub.room(named: room), hub.isOpen(place) else { throw .notJoined(room) }
        let announced = try hub.announced(
            message, in: room, key: id, unless: storeObjection, time: clock.wall)
        switch announced {
        case .draft(let draft): try told(.draft(draft, place), index, id, room)
        case .sentBefore(let line): tell(index, id, room, of: line)
        case .held: preconditionFailure("a room's own line doesn't wait")
        }
    }

    /// The orderer has answered to a change. If its room lags, the change takes effect with the
    /// room's next state, and its author is told after that.
    mutating func changed(_ id: UInt64, _ answer: ChangeAnswer) {
        if case .ordered(let rev) = answer, let name = history.changes.room(of: id),
            let room = hub.room(named: name), hub.room(room).ordering == .lagging,
            hub.room(room).lastRev < rev
        {
            return history.changes.cameEarly(id, answer, in: name)
        }
        guard let (asker, request) = history.changes.take(id), connections.contains(asker) else {
            return
        }
        switch answer {
        case .ordered(let rev): acknowledge(asker.index, request.key, request, rev: rev)
        case .refused(let refusal): refuse(asker.index, refusal, id: request.key)
        case .failed: refuse(asker.index, Self.storeUnavailable, id: request.key)
        }
    }

    /// A room doesn't lag any more, or has vanished.
    mutating func tellEarlyChanges(in room: RoomName) {
        for (id, answer) in history.changes.takeEarly(in: room) { changed(id, answer) }
    }

    private mutating func acknowledge(
        _ index: Int, _ id: String?, _ request: ChangeRequest, rev: UInt64
    ) {
        guard let id else { return }
        var met: Int?
        if case .ban(let order) = request.wanted, order.isWide {
            met = history.changes.connectionsMet(in: request.room, rev: rev)
        }
        guard connections[index].isInChat else {
            return answerRequest(index) {
                EventWriter.ack(
                    id: id, room: request.room, rev: rev, connections: met, into: &$0)
            }
        }
        enqueueReply(index) {
            EventWriter.ack(id: id, room: request.room, rev: rev, connections: met, into: &$0)
        }
    }

    // MARK: Without a store

    /// What memory has of the lines that a change is about.
    private mutating func evidence(
        for request: ChangeRequest
    ) throws(Refusal) -> ChangeRequest.Evidence {
        var evidence = ChangeRequest.Evidence()
        guard let room = hub.room(named: request.room) else {
            if case .delete = request.wanted { throw .notJoined(request.room) }
            evidence.priorRev = .max
            return evidence
        }
        seal(room)
        evidence.last = hub.lastSeq(of: room)
        evidence.priorRev = hub.room(room).priorRev
        if case .delete(let seqs) = request.wanted {
            evidence.lines = lines(seqs, of: room, request.room)
            return evidence
        }
        if let seq = request.wanted.line {
            evidence.lines = lines([seq], of: room, request.room)
            evidence.origin = streams[room].origins.origin(of: seq)
        }
        guard let match = try evidence.match(for: request) else { return evidence }
        let origins = match.needsOrigins ? streams[room].origins.all : [:]
        evidence.origins = origins
        let known = evidence.lines.first?.seq
        evidence.lines += logged(in: room, request.room).filter { line in
            line.seq != known && match.takes(line, from: origins[line.seq])
        }
        return evidence
    }

    /// All lines in a room's log.
    func logged(in room: RoomID, _ name: RoomName) -> [Line] {
        var lines: [Line] = []
        for batch in streams[room].log.batches {
            outbox.pool.read(batch.chunks.plain) { bytes in
                Frames.forEachLine(in: bytes, room: name) { seq, event in
                    if let line = Self.line(seq, event) { lines.append(line) }
                }
            }
        }
        return lines
    }

    private static func line(_ seq: UInt64, _ event: Span<UInt8>) -> Line? {
        guard let record = try? LineRecord(event) else { return nil }
        return Line(
            seq: seq, time: record.time, username: record.username, message: record.message,
            by: record.author)
    }

    /// Those of these lines that are in a room's log.
    private func lines(_ seqs: [UInt64], of room: RoomID, _ name: RoomName) -> [Line] {
        let wanted = Set(seqs)
        var lines: [Line] = []
        var read: Set<UInt64> = []
        for seq in seqs {
            guard let batch = streams[room].log.batch(covering: seq),
                read.insert(batch.firstSeq).inserted
            else { continue }
            outbox.pool.read(batch.chunks.plain) { bytes in
                Frames.forEachLine(in: bytes, room: name) { seq, event in
                    guard wanted.contains(seq), let line = Self.line(seq, event) else { return }
                    lines.append(line)
                }
            }
        }
        return lines
    }
}
