internal import Chat
internal import Reactor
internal import WebSocket

/// `history`: lines of the past for one client, from the room's log where it has them all, else
/// from the store.
extension Server where Net: ~Copyable {
    mutating func history(
        _ index: Int, _ id: String?, _ name: RoomName, before: UInt64, limit: Int
    ) throws(Refusal) {
        let (room, _) = try hub.membership(of: MemberID(index: index), in: name)
        sealBatch(of: room)
        let found = hub.room(room)
        let logged = roomLogs[room.index].firstSeq ?? found.lastSeq + 1
        let oldest = hub.isDurable ? min(found.oldest, logged) : logged
        let end = min(before, found.lastSeq + 1)
        let first = max(oldest, end - min(end, UInt64(limit)))
        guard first < end, first < logged, history != nil else {
            return answerFromLog(index, id, room, first..<max(first, end), more: first > oldest)
        }
        let answer = HistoryAnswer(id: id, room: name, from: first, through: end - 1)
        read(answer, for: connections.token(at: index))
    }

    private mutating func answerFromLog(
        _ index: Int, _ id: String?, _ room: RoomID, _ seqs: Range<UInt64>, more: Bool
    ) {
        var answer: [UInt8] = []
        EventWriter.openHistory(id: id, room: hub.name(of: room), in: &answer)
        var seq = seqs.lowerBound
        while seq < seqs.upperBound, let entry = roomLogs[room.index].entry(holding: seq) {
            let bytes = pool.bytes(of: entry.lines.plain)
            var (frames, here) = (WrittenFrames(), entry.firstSeq)
            while let payload = frames.next(in: bytes.span), here < seqs.upperBound {
                if here >= seq {
                    EventWriter.appendHistory(
                        encoded: bytes.span.extracting(payload), to: &answer)
                }
                here += 1
            }
            seq = entry.lastSeq + 1
        }
        EventWriter.closeHistory(more: more, in: &answer)
        enqueueEvent(index, lane: .lines) { $0 += answer }
    }

    private mutating func read(_ answer: HistoryAnswer, for token: Token) {
        hold(token.index, for: .history(answer))
        history?.read(
            History.ReadKey(room: answer.room, from: answer.from), through: answer.through,
            for: .command(token))
    }

    /// The last of these lines, as many as one answer has room for: at least one.
    private static func fitting(_ lines: [StoredLine]) -> [StoredLine] {
        var (start, bytes) = (lines.count, 0)
        while start > 0, start == lines.count || bytes < Limits.historyBytes {
            start -= 1
            bytes += lines[start].message.utf8.count
        }
        return Array(lines[start...])
    }

    /// Lines have come for a `history` command, all of them or some, or could not be read.
    mutating func answerHistory(_ token: Token, _ page: HistoryPage?) {
        guard case .history(var answer)? = takeWaiting(token) else { return }
        defer { releaseInput(token.index) }
        guard let page else { return refuse(token.index, Self.storeUnavailable, id: answer.id) }
        let lines = page.lines.prefix { $0.seq <= answer.through }
        answer.lines += lines
        // What is left may have been given up meanwhile.
        if let last = lines.last, last.seq < answer.through {
            answer.from = last.seq + 1
            return read(answer, for: token)
        }
        let fitting = Self.fitting(answer.lines)
        let first = fitting.first?.seq ?? page.oldest
        enqueueEvent(token.index, lane: .lines) { event in
            EventWriter.history(
                id: answer.id, room: answer.room, lines: fitting, more: first > page.oldest,
                into: &event)
        }
    }
}
