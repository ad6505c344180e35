internal import Chat
internal import Reactor
internal import WebSocket

/// `history`: earlier lines for one client, from the room's log if it has all of them, or else from
/// the store.
extension Server where Net: ~Copyable {
    mutating func history(
        _ index: Int, _ id: String?, _ name: RoomName, before: UInt64, limit: Int
    ) throws(Refusal) {
        allowances.turns.spend(Cost.history)
        let (room, _) = try hub.membership(of: MemberID(index: index), in: name)
        seal(room)
        let found = hub.room(room)
        let logged = streams.firstSeq(of: room) ?? found.lastSeq + 1
        let oldest = !history.isInPlace ? min(found.oldest, logged) : logged
        let end = min(before, found.lastSeq + 1)
        let first = max(oldest, end - min(end, UInt64(limit)))
        guard first < end, first < logged, !history.isInPlace else {
            return answerFromLog(index, id, room, first..<max(first, end), more: first > oldest)
        }
        let answer = HistoryAnswer(id: id, room: name, from: first, through: end - 1)
        read(answer, for: connections.token(at: index))
    }

    private mutating func answerFromLog(
        _ index: Int, _ id: String?, _ room: RoomID, _ seqs: Range<UInt64>, more: Bool
    ) {
        let name = hub.name(of: room)
        var lines: [[UInt8]] = []
        var seq = seqs.lowerBound
        while seq < seqs.upperBound, let batch = streams[room].log.batch(covering: seq) {
            let bytes = outbox.pool.bytes(of: batch.chunks.plain)
            lines += Frames.events(of: seq..<seqs.upperBound, in: bytes, room: name)
            seq = batch.lastSeq + 1
        }
        answer(index, id, name, lines, more: more)
    }

    /// Answers with the last of these lines: as many as fit into ``Limits/historyBytes``, and at
    /// least one. `more` means that there are older ones than these.
    private mutating func answer(
        _ index: Int, _ id: String?, _ room: RoomName, _ lines: [[UInt8]], more: Bool
    ) {
        var (start, bytes) = (lines.count, Limits.historyEnvelope)
        while start > 0 {
            bytes += lines[start - 1].count + 1
            guard start == lines.count || bytes <= Limits.historyBytes else { break }
            start -= 1
        }
        enqueueEvent(index, lane: .lines) { event in
            EventWriter.history(
                id: id, room: room, lines: lines[start...], more: more || start > 0, into: &event)
        }
    }

    private mutating func read(_ answer: HistoryAnswer, for token: Token) {
        connections.waitForStore(token.index, .history(answer))
        history.read(
            History.ReadKey(room: answer.room, from: answer.from), through: answer.through,
            for: .command(token))
    }

    /// Lines for a `history` command have arrived, all or some, or could not be read.
    mutating func answerHistory(_ token: Token, _ page: RoomPage?) {
        guard case .history(var answer)? = connections.takeWaiting(token) else { return }
        defer { releaseInput(token.index) }
        guard let page else { return refuse(token.index, Self.storeUnavailable, id: answer.id) }
        answer.lines += page.lines.prefix { $0.seq <= answer.through }
        // The remaining lines may have been deleted in the meantime.
        if answer.from <= page.through, page.through < answer.through {
            answer.from = page.through + 1
            return read(answer, for: token)
        }
        let lines = answer.lines.map { line in
            var event: [UInt8] = []
            EventWriter.line(
                room: answer.room, seq: line.seq, time: line.time, username: line.username,
                message: line.message, into: &event)
            return event
        }
        self.answer(
            token.index, answer.id, answer.room, lines,
            more: (answer.lines.first?.seq ?? page.oldest) > page.oldest)
    }
}
