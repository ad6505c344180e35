internal import Chat
internal import Identity
internal import Reactor

/// Commands that change a room.
extension Server where Net: ~Copyable {
    /// A client wants to change a room. The orderer decides. Without one, that is done here.
    mutating func moderate(
        _ index: Int, _ id: String?, _ room: RoomName, _ wanted: Moderation
    ) throws(Refusal) {
        allowances.turns.spend(Cost.change(wanted))
        try checkOpen(index, room)
        let author = author(index, in: room)
        guard author.user != nil else { throw .notModerator }
        let request = ChangeRequest(
            id: history.changes.nextID, room: room, wanted: wanted, by: author, key: id,
            time: clock.wall)
        guard history.isInPlace else {
            guard history.takesChanges else { throw Self.storeUnavailable }
            return history.submit(request, from: connections.token(at: index))
        }
        let rev = try changeInPlace(request)
        acknowledge(index, id, room, rev: rev)
    }

    /// A moderator makes the room say a line.
    mutating func announce(
        _ index: Int, _ id: String?, _ room: RoomName, _ message: String
    ) throws(Refusal) {
        allowances.turns.spend(Cost.line)
        try checkOpen(index, room)
        guard author(index, in: room).moderates else { throw .notModerator }
        try checkStore()
        let saying = try hub.announced(
            message, in: room, key: id, by: MemberID(index: index), time: clock.wall)
        told(saying, index, id, room)
    }

    /// The orderer has answered to a change.
    mutating func changed(_ id: UInt64, _ answer: ChangeAnswer) {
        guard let (asker, request) = history.changes.take(id), connections.contains(asker) else {
            return
        }
        switch answer {
        case .ordered(let rev): acknowledge(asker.index, request.key, request.room, rev: rev)
        case .refused(let refusal): refuse(asker.index, refusal, id: request.key)
        case .failed: refuse(asker.index, Self.storeUnavailable, id: request.key)
        }
    }

    private mutating func acknowledge(
        _ index: Int, _ id: String?, _ room: RoomName, rev: UInt64
    ) {
        guard let id, connections[index].isInChat else { return }
        enqueueReply(index) { EventWriter.ack(id: id, room: room, rev: rev, into: &$0) }
    }

    // MARK: Without a store

    /// Changes a room whose lines are only in memory. Returns the number of the change.
    private mutating func changeInPlace(_ request: ChangeRequest) throws(Refusal) -> UInt64 {
        guard let room = hub.room(named: request.room) else { throw .notJoined(request.room) }
        if let known = try history.changes.known(request) { return known }
        let kind: RoomChange.Kind
        switch request.wanted {
        case .delete(let seqs):
            seal(room)
            let lines = try Deletion.chosen(
                seqs, among: lines(seqs, of: room, request.room), by: request.author,
                at: request.time)
            kind = .deleted(seqs: lines.map(\.seq))
        case .settings, .panic:
            guard request.author.moderates else { throw .notModerator }
            seal(room)
            kind = .settings(hub.settings(of: room).after(request.wanted) ?? RoomSettings())
        }
        let change = RoomChange(
            rev: hub.changed(inPlace: room), after: hub.lastSeq(of: room), time: request.time,
            kind: kind)
        history.changes.ordered(request, as: change.rev)
        apply(change, in: room)
        return change.rev
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
                    guard wanted.contains(seq), let record = try? LineRecord(event) else { return }
                    lines.append(
                        Line(
                            seq: seq, time: record.time, username: record.username,
                            message: record.message, by: record.author))
                }
            }
        }
        return lines
    }
}
