internal import Chat
internal import Reactor
internal import WebSocket

/// `history`: earlier lines for one client, from the room's log as far as it has them, or else from
/// the store. See ``HistoryAnswer``.
extension Server where Net: ~Copyable {
    mutating func history(
        _ index: Int, _ id: String?, _ name: RoomName, before: UInt64, limit: Int
    ) throws(Refusal) {
        allowances.turns.spend(Cost.history)
        let (room, membership) = try hub.membership(of: MemberID(index: index), in: name)
        let kept = keptLines(of: room)
        let end = min(before, kept.last + 1)
        let first = max(kept.oldest, end - min(end, UInt64(limit)))
        begin(
            HistoryAnswer(
                .command(id: id), room: name, from: first, through: max(first, end) - 1,
                oldest: kept.oldest, isMarked: hub.takesChanges(membership)),
            logged: kept.logged, index)
    }

    /// The same for a request. `snapshot` is the state of its room, if nobody is in it.
    mutating func tellHistory(
        _ index: Int, _ range: HistoryRange, _ request: APIRequest,
        snapshot: RoomSnapshot?
    ) {
        allowances.turns.spend(Cost.history)
        let kept: (oldest: UInt64, logged: UInt64, last: UInt64)
        if let room = hub.room(named: request.room) {
            kept = keptLines(of: room)
        } else {
            let last = snapshot?.lastSeq ?? 0
            kept = (snapshot?.oldest ?? 1, last + 1, last)
        }
        let end = min(range.before, kept.last + 1)
        let count = UInt64(range.limit)
        var (first, last) = (max(kept.oldest, end - min(end, count)), end)
        if let after = range.after {
            first = max(kept.oldest, min(after, kept.last) + 1)
            last = min(end, first + count)
        }
        var answer = HistoryAnswer(
            .request(request, range), room: request.room, from: first,
            through: max(first, last) - 1, oldest: kept.oldest)
        answer.isCut = last < end
        begin(answer, logged: kept.logged, index)
    }

    /// The first line that can be read, the first one in the log, and the last one.
    private mutating func keptLines(
        of room: RoomID
    ) -> (oldest: UInt64, logged: UInt64, last: UInt64) {
        seal(room)
        let found = hub.room(room)
        let logged = streams.firstSeq(of: room) ?? found.lastSeq + 1
        let oldest = !history.isInPlace ? min(found.oldest, logged) : logged
        return (oldest, logged, found.lastSeq)
    }

    private mutating func begin(_ answer: HistoryAnswer, logged: UInt64, _ index: Int) {
        var answer = answer
        guard !answer.isThrough, answer.from < logged, !history.isInPlace else {
            measure(&answer)
            return tell(answer, to: index)
        }
        wait(for: answer, connections.token(at: index))
    }

    /// Measures lines in the room's log.
    private mutating func measure(_ answer: inout HistoryAnswer) {
        while let room = hub.room(named: answer.room), !answer.isThrough,
            let batch = streams[room].log.batch(covering: answer.from)
        {
            outbox.pool.read(batch.chunks[.plain, marked: answer.isMarked]) { bytes in
                Frames.forEachLine(in: bytes, room: answer.room) { seq, event in
                    answer.measured(seq, bytes: event.count)
                }
            }
            answer.skip(to: batch.lastSeq + 1)
        }
        answer.beginTelling()
    }

    /// Waits for the store to read the next lines of an answer.
    mutating func wait(for answer: HistoryAnswer, _ token: Token) {
        connections.waitForStore(token.index, .history(answer))
        history.read(answer.key, through: answer.through, for: .command(token))
    }

    /// A page has arrived for all its readers. Those that have gone don't count.
    mutating func receivedPage(_ key: ReadQueue.Key, _ read: RoomPage?) {
        if history.isOld(key) { return }
        let page = read.map { withoutDeleted($0, of: key.room) }
        let readers = history.takeRead(key)
        for reader in readers where connections.contains(reader.token) {
            charge(Cost.page, to: reader.token.index)
        }
        if let page { hub.pruned(key.room, oldest: page.oldest) }
        var members: [Token] = []
        for reader in readers {
            switch reader {
            case .command(let token): answerHistory(token, page)
            case .member(let token): members.append(token)
            }
        }
        let now = clock.coarse
        if page == nil, history.failedReads.failed(key, for: members, at: now) { return }
        history.failedReads.settled(key)
        guard let room = hub.room(named: key.room), !members.isEmpty else { return }
        let part = page.map { streams.cut($0, from: key.from, of: room, hub) }
        var batch: SealedBatch?
        if let part, let first = part.lines.first?.seq {
            batch = withEvents(
                streams.encode(
                    part.lines, covering: first...part.through, of: room, named: key.room,
                    clock: &clock, pool: &outbox.pool),
                of: room)
        }
        feeder.arrived(
            ArrivedPage(
                key: key, first: part?.lines.first?.seq, through: part?.through, batch: batch,
                members: members),
            encodedAs: batch.map { outbox.pool.length($0.chunks.plain) } ?? 0)
    }

    /// Lines for a `history` command have arrived, all or some, or could not be read.
    private mutating func answerHistory(_ token: Token, _ page: RoomPage?) {
        guard case .history(var answer)? = connections.takeWaiting(token) else { return }
        guard let page else { return failed(answer, token.index) }
        answer.oldest = max(answer.oldest, page.oldest)
        let lines = page.lines.filter { answer.isMarked || !$0.isDeleted }.map { line in
            (seq: line.seq, event: event(line, of: answer.room))
        }
        switch answer.stage {
        case .telling:
            // The remaining lines may have been deleted in the meantime.
            let isLast = page.through < answer.from
            tell(&answer, lines, upTo: isLast ? answer.through : page.through, to: token.index)
        case .measuring:
            let (first, isFirst) = (answer.from, !answer.hasMeasured)
            for line in lines { answer.measured(line.seq, bytes: line.event.count) }
            answer.skip(to: page.through + 1)
            if first <= page.through, !answer.isThrough { return wait(for: answer, token) }
            answer.beginTelling()
            // Nearly always one page has all of it.
            guard isFirst, answer.bytesLeft <= Limits.historyPiece else {
                return tell(answer, to: token.index)
            }
            guard !postpones(answer, token.index) else { return }
            tell(&answer, lines, upTo: answer.through, to: token.index)
        }
    }
}
