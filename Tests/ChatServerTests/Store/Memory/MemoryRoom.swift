import Chat
import Simulation

/// A room of a ``MemoryOrderer``.
struct MemoryRoom {
    /// Lines by number, from 1 on. Nil for a deleted one.
    private var lines: [Line?] = []
    private var lastRev: UInt64 = 0
    private(set) var ledger = Ledger()
    private var sent = SentLines()
    private var ends: [EpochEnd] = []

    private var lastSeq: UInt64 { UInt64(lines.count) }

    /// Gives a line the next number, unless its key is known. Returns the line if it was new.
    mutating func append(_ draft: Draft) -> (answer: SubmissionAnswer, line: Line?) {
        if let known = sent.answer(to: draft) { return (known, nil) }
        let line = Line(
            seq: lastSeq + 1, time: draft.time, username: draft.username, message: draft.message,
            by: draft.author)
        lines.append(line)
        sent.ordered(draft, as: line.seq)
        return (.ordered(seq: line.seq, time: line.time), line)
    }

    /// Changes the room, unless the request was made before. Returns the number of the change, and
    /// the change if it is new.
    mutating func change(
        _ request: ChangeRequest
    ) throws(Refusal) -> (rev: UInt64, change: RoomChange?) {
        var request = request
        var evidence = ChangeRequest.Evidence()
        evidence.lines = lines.compactMap(\.self)
        evidence.last = lastSeq
        request.evidence = evidence
        switch try ledger.make(request) {
        case .known(let rev): return (rev, nil)
        case .new(let change):
            lastRev = change.rev
            for seq in change.goneLines { lines[Int(seq - 1)] = nil }
            if case .restored(let restored) = change.kind {
                for line in restored.lines { lines[Int(line.seq - 1)] = line }
            }
            return (change.rev, change)
        }
    }

    /// Deletes those of these lines that exist. Nil if none does.
    mutating func delete(_ seqs: [UInt64], at time: Timestamp) -> RoomChange? {
        let found = seqs.filter { 0 < $0 && $0 <= lastSeq && lines[Int($0 - 1)] != nil }
        guard !found.isEmpty else { return nil }
        for seq in found { lines[Int(seq - 1)] = nil }
        lastRev += 1
        return RoomChange(rev: lastRev, after: lastSeq, time: time, kind: .deleted(seqs: found))
    }

    func snapshot(in epoch: Epoch) -> RoomSnapshot {
        RoomSnapshot(epoch: epoch, lastSeq: lastSeq, lastRev: lastRev, oldest: oldest, ends: ends)
    }

    /// An epoch has ended, and its last lines are lost. Their numbers aren't used again.
    mutating func epochEnded(_ epoch: Epoch, losing count: Int, tells: Bool) {
        let end = lastSeq - min(lastSeq, UInt64(count))
        for place in Int(end)..<lines.count { lines[place] = lines[place]?.deleted }
        sent.forget(after: end)
        ends = tells ? ends + [EpochEnd(epoch: epoch, seq: end)] : []
    }

    private var oldest: UInt64 { lines.lazy.compactMap { $0?.seq }.first ?? lastSeq + 1 }

    func page(from: UInt64, through: UInt64) -> RoomPage {
        let end = min(through, lastSeq)
        var page: [Line] = []
        var bytes = 0
        for line in lines.prefix(Int(end)).dropFirst(Int(clamping: max(from, 1) - 1)) {
            guard let line else { continue }
            page.append(line)
            bytes += line.username.utf8.count + line.message.utf8.count
            if page.count == RoomPage.lineLimit || bytes > RoomPage.byteLimit {
                return RoomPage(lines: page, through: line.seq, oldest: oldest)
            }
        }
        return RoomPage(lines: page, through: end, oldest: oldest)
    }
}
