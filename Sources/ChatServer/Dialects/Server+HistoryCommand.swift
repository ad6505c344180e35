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
        seal(room)
        let found = hub.room(room)
        let logged = streams.firstSeq(of: room) ?? found.lastSeq + 1
        let oldest = !history.isInPlace ? min(found.oldest, logged) : logged
        let end = min(before, found.lastSeq + 1)
        let first = max(oldest, end - min(end, UInt64(limit)))
        var answer = HistoryAnswer(
            id: id, room: name, from: first, through: max(first, end) - 1, oldest: oldest,
            isMarked: hub.takesChanges(membership))
        guard first < end, first < logged, !history.isInPlace else {
            measure(&answer, in: room)
            return tell(answer, to: index)
        }
        wait(for: answer, connections.token(at: index))
    }

    /// Measures lines in the room's log.
    private mutating func measure(_ answer: inout HistoryAnswer, in room: RoomID) {
        while !answer.isThrough, let batch = streams[room].log.batch(covering: answer.from) {
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
    private mutating func wait(for answer: HistoryAnswer, _ token: Token) {
        connections.waitForStore(token.index, .history(answer))
        history.read(answer.key, through: answer.through, for: .command(token))
    }

    /// A page has arrived for all its readers. Those that have gone don't count.
    mutating func receivedPage(_ key: ReadQueue.Key, _ read: RoomPage?) {
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

    /// Makes the next pieces for clients that have taken the ones before.
    mutating func continueAnswers() {
        guard hasRoomForAnswers else {
            resetSilent()
            return history.postponeAnswers(at: clock.coarse)
        }
        for token in history.takeAnswering(atMost: Limits.piecesAtOnce)
        where connections.takesAnswer(token) {
            charge(Cost.page, to: token.index)
            guard case .history(let answer)? = connections.takeWaiting(token) else { continue }
            tell(answer, to: token.index)
        }
    }

    /// A client has taken the last piece that was made.
    mutating func tookPiece(_ index: Int) {
        let token = connections.token(at: index)
        guard case .history(let answer)? = connections[index].waiting, answer.isComplete else {
            return history.tookPiece(token)
        }
        _ = connections.takeWaiting(token)
        finished(index)
    }

    /// Makes a piece from the room's log, or asks the store for the lines of one.
    private mutating func tell(_ answer: HistoryAnswer, to index: Int) {
        if postpones(answer, index) { return }
        var answer = answer
        let hadLines = answer.hasLines
        guard !answer.isThrough, let room = hub.room(named: answer.room) else {
            return send(answer, [], after: hadLines, to: index)
        }
        if streams[room].log.batch(covering: answer.from) == nil {
            guard history.isInPlace else {
                return wait(for: answer, connections.token(at: index))
            }
            // The log has dropped them in the meantime.
            answer.skip(to: streams.firstSeq(of: room) ?? answer.through + 1)
        }
        var (events, bytes, isFull): ([[UInt8]], Int, Bool) = ([], 0, false)
        while !isFull, !answer.isThrough,
            let batch = streams[room].log.batch(covering: answer.from)
        {
            outbox.pool.read(batch.chunks[.plain, marked: answer.isMarked]) { frames in
                Frames.forEachLine(in: frames, room: answer.room) { seq, event in
                    isFull = isFull || bytes >= Limits.historyPiece
                    guard !isFull, answer.took(seq, bytes: event.count) else { return }
                    var copy: [UInt8] = []
                    copy.append(event)
                    events.append(copy)
                    bytes += event.count
                }
            }
            if !isFull { answer.skip(to: batch.lastSeq + 1) }
        }
        send(answer, events, after: hadLines, to: index)
    }

    /// Makes a piece of lines from the store, which cover the numbers up to `last`.
    private mutating func tell(
        _ answer: inout HistoryAnswer, _ lines: [(seq: UInt64, event: [UInt8])],
        upTo last: UInt64, to index: Int
    ) {
        let hadLines = answer.hasLines
        var (events, bytes): ([[UInt8]], Int) = ([], 0)
        for line in lines {
            guard bytes < Limits.historyPiece else {
                return send(answer, events, after: hadLines, to: index)
            }
            guard answer.took(line.seq, bytes: line.event.count) else { continue }
            events.append(line.event)
            bytes += line.event.count
        }
        answer.skip(to: last + 1)
        send(answer, events, after: hadLines, to: index)
    }

    /// Whether there is memory for more pieces. One quarter of the budget is left for other uses.
    private var hasRoomForAnswers: Bool {
        accountedBytes <= limits.bufferBudget / 4 * 3
    }

    /// Whether an answer that isn't begun waits until there is memory for it.
    private mutating func postpones(_ answer: HistoryAnswer, _ index: Int) -> Bool {
        guard answer.isNew, !hasRoomForAnswers else { return false }
        connections.postponed(index, answer)
        history.tookPiece(connections.token(at: index))
        return true
    }

    /// Queues a piece of the answer's frame with the next lines. `hadLines` means that pieces
    /// before it have some.
    private mutating func send(
        _ answer: HistoryAnswer, _ events: [[UInt8]], after hadLines: Bool, to index: Int
    ) {
        var answer = answer
        let blanks = answer.isThrough ? answer.takeBlanks() : 0
        let piece = outbox.piece(headed: answer.isNew ? frameLength(of: answer) : nil) { event in
            EventWriter.history(
                id: answer.id, room: answer.room, begins: answer.isNew, hasLines: hadLines,
                lines: events[...], blanks: blanks, more: answer.isComplete ? answer.more : nil,
                into: &event)
        }
        enqueue(index, piece, lane: .lines)
        outbox.pool.release(piece)
        guard !answer.isNew || !answer.isComplete else { return finished(index) }
        // Nothing may come between the pieces of a frame.
        if answer.isNew { holdLines(index) }
        answer.began()
        connections.answers(index, answer)
    }

    /// The payload's length, before a piece of it was made.
    private func frameLength(of answer: HistoryAnswer) -> Int {
        var frame: [UInt8] = []
        EventWriter.history(
            id: answer.id, room: answer.room, lines: [], more: answer.more, into: &frame)
        return frame.count + answer.lineBytes
    }

    /// An answer is complete. Replies that came in the meantime follow it.
    private mutating func finished(_ index: Int) {
        if let replies = connections.takeReplies(index) {
            outbox.enqueueBytes(
                for: index, lane: .lines, in: &connections, at: clock.coarse
            ) { $0 += replies }
        }
        releaseInput(index)
    }

    /// The store can't be read.
    private mutating func failed(_ answer: HistoryAnswer, _ index: Int) {
        guard answer.isNew else { return cutOff(index, .tryAgainLater) }
        refuse(index, Self.storeUnavailable, id: answer.id)
        releaseInput(index)
    }
}
