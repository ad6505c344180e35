internal import Chat
internal import Reactor
internal import WebSocket

/// Answers with lines of the past, made in pieces. See ``HistoryAnswer``.
extension Server where Net: ~Copyable {
    /// Makes the next pieces for clients that have taken the ones before.
    mutating func continueAnswers() {
        if !hasRoomForAnswers {
            resetSilent()
            // Otherwise these may stay as they are for long, and the answers with them.
            dropUnreadLogs(above: memoryForAnswers)
        }
        guard hasRoomForAnswers else { return history.postponeAnswers(at: clock.coarse) }
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
        finished(answer, index)
    }

    /// Makes a piece from the room's log, or asks the store for the lines of one.
    mutating func tell(_ answer: HistoryAnswer, to index: Int) {
        if postpones(answer, index) { return }
        var answer = answer
        let hadLines = answer.hasLines
        guard !answer.isThrough else { return send(answer, [], after: hadLines, to: index) }
        guard let room = hub.room(named: answer.room) else {
            guard history.isInPlace else {
                return wait(for: answer, connections.token(at: index))
            }
            answer.skip(to: answer.through + 1)
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
    mutating func tell(
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
    private var memoryForAnswers: Int { limits.bufferBudget / 4 * 3 }

    private var hasRoomForAnswers: Bool { accountedBytes <= memoryForAnswers }

    /// Whether an answer that isn't begun waits until there is memory for it.
    mutating func postpones(_ answer: HistoryAnswer, _ index: Int) -> Bool {
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
        var content: [UInt8] = []
        write(answer, events, after: hadLines, blanks: blanks, into: &content)
        // A page may have no line for this client.
        guard !content.isEmpty || answer.isNew else {
            guard !answer.isComplete else { return finished(answer, index) }
            connections.answers(index, answer)
            return history.tookPiece(connections.token(at: index))
        }
        let isWhole = answer.isNew && answer.isComplete
        let piece: ChunkID
        switch answer.recipient {
        case .request(let request, let range) where isWhole:
            return self.answer(
                index, .ok, content, request.reply, contentType: range.contentType,
                fields: range.fields(more: answer.more, edge: answer.edge))
        case .request(let request, let range):
            if answer.isNew { begin(answer, request, range, index) }
            guard !request.reply.isHead else { return finished(answer, index) }
            piece = outbox.piece(headed: nil) { $0 += content }
        case .command:
            piece = outbox.piece(headed: answer.isNew ? length(of: answer) : nil) { $0 += content }
        }
        enqueue(index, piece, lane: .lines)
        outbox.pool.release(piece)
        guard !isWhole else { return finished(answer, index) }
        // Nothing may come between the pieces of a frame.
        if answer.isNew { holdLines(index) }
        answer.began()
        connections.answers(index, answer)
    }

    /// The head of a response whose content follows in pieces.
    private mutating func begin(
        _ answer: HistoryAnswer, _ request: APIRequest, _ range: HistoryRange, _ index: Int
    ) {
        respond(
            index, .ok, contentType: range.contentType, length: length(of: answer),
            keepsAlive: keepsAlive(index, isWanted: !request.reply.isLast),
            fields: request.reply.crossOrigin
                + range.fields(more: answer.more, edge: answer.edge))
    }

    private mutating func write(
        _ answer: HistoryAnswer, _ events: [[UInt8]], after hadLines: Bool, blanks: Int,
        into content: inout [UInt8]
    ) {
        switch answer.recipient {
        case .request(_, let range) where range.isListed:
            for event in events { content += event + [UInt8(ascii: "\n")] }
            content += repeatElement(UInt8(ascii: "\n"), count: blanks)
        case .command, .request:
            var id: String?
            if case .command(let given) = answer.recipient { id = given }
            EventWriter.history(
                id: id, room: answer.room, begins: answer.isNew, hasLines: hadLines,
                lines: events[...], blanks: blanks, more: answer.isComplete ? answer.more : nil,
                into: &content)
        }
    }

    /// The length of all its pieces, before one of them was made.
    private mutating func length(of answer: HistoryAnswer) -> Int {
        var id: String?
        switch answer.recipient {
        case .request(_, let range) where range.isListed: return answer.lineBytes
        case .command(let given): id = given
        case .request: break
        }
        var frame: [UInt8] = []
        EventWriter.history(
            id: id, room: answer.room, lines: [], more: answer.more, into: &frame)
        return frame.count + answer.lineBytes
    }

    /// An answer is complete. Replies that came in the meantime follow it.
    private mutating func finished(_ answer: HistoryAnswer, _ index: Int) {
        if case .request(let request, _) = answer.recipient {
            connections.stopWaiting(index)
            return answered(index, keepsAlive: keepsAlive(index, isWanted: !request.reply.isLast))
        }
        if let replies = connections.takeReplies(index) {
            outbox.enqueueBytes(
                for: index, lane: .lines, in: &connections, at: clock.coarse
            ) { $0 += replies }
        }
        releaseInput(index)
    }

    /// The store can't be read.
    mutating func failed(_ answer: HistoryAnswer, _ index: Int) {
        switch answer.recipient {
        case .command(let id):
            guard answer.isNew else { return cutOff(index, .tryAgainLater) }
            refuse(index, Self.storeUnavailable, id: id)
            releaseInput(index)
        case .request(let request, _):
            guard answer.isNew else { return connections.end(index) }
            self.answer(index, Problem(Self.storeUnavailable), request.reply)
        }
    }
}
