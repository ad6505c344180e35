/// What a client of the rich dialect shows of a room, made from what it has received.
struct RoomView {
    enum Shown: Equatable {
        case text(ChatEvent)
        case gone
        /// It is back, and its text is in the history.
        case back
    }

    let epoch: String
    /// Whether the client takes changes.
    let takesChanges: Bool
    private(set) var lines: [UInt64: Shown] = [:]
    /// The number of the next line. Nil until the first has arrived.
    private(set) var next: UInt64?
    /// The last change that it knows, and the first one that it can have missed.
    private(set) var rev: UInt64
    private(set) var knownSince: UInt64
    /// The last change that it knew when it came back.
    private(set) var resumed: UInt64 = 0
    /// The changes of which it has got events.
    private(set) var revs: Set<UInt64> = []
    /// Whether the last thing that it got of the lines was a gap.
    private(set) var hasSkipped = false
    /// Whether it leaves the room, so that deleted lines may be left out.
    var isLeaving = false
    /// Numbers that were left out.
    private(set) var holes: Set<UInt64> = []
    /// Whether some were left out on this connection. The server does that to a client that takes
    /// changes only when it has taken the client out of the room, to be closed.
    private(set) var hasHoles = false

    init(epoch: String, seq: UInt64, rev: UInt64, takesChanges: Bool, isEmpty: Bool) {
        (self.epoch, self.takesChanges, self.rev) = (epoch, takesChanges, rev)
        knownSince = rev
        if isEmpty { next = seq + 1 }
    }

    /// The last line that was received or skipped.
    var cursor: UInt64? { next.map { $0 - 1 } }

    /// A line or its tombstone has arrived. Returns the error, if there is one.
    mutating func heard(_ seq: UInt64, _ shown: Shown) -> String? {
        defer { next = seq + 1 }
        lines[seq] = shown
        hasSkipped = false
        guard let next, next != seq else { return nil }
        if seq < next { return "line \(seq) after \(next - 1)" }
        leaveOut(next..<seq)
        return nil
    }

    /// Lines were skipped.
    mutating func missed(from: UInt64, through: UInt64) -> String? {
        defer { next = through + 1 }
        hasSkipped = true
        guard let next, next != from else { return nil }
        if from < next { return "a gap from \(from) instead of \(next)" }
        leaveOut(next..<from)
        return nil
    }

    private mutating func leaveOut(_ seqs: Range<UInt64>) {
        holes.formUnion(seqs)
        if !isLeaving { hasHoles = true }
    }

    /// The connection is gone.
    mutating func lost() { (isLeaving, hasHoles, resumed) = (false, false, rev) }

    /// Changes were skipped: nobody knows what was deleted.
    mutating func missed(changesTo rev: UInt64) {
        (self.rev, knownSince, lines, revs) = (rev, rev, [:], [])
    }

    /// A change has arrived, perhaps as several events. Returns the error, if there is one.
    mutating func changed(_ rev: UInt64) -> String? {
        defer { self.rev = max(rev, self.rev) }
        guard rev >= self.rev, rev > knownSince, rev > self.rev || revs.contains(rev) else {
            return "change \(rev) after \(self.rev)"
        }
        revs.insert(rev)
        return nil
    }

    mutating func took(_ seqs: [UInt64]) {
        for seq in seqs where lines[seq] != nil { lines[seq] = .gone }
    }

    mutating func gotBack(_ seqs: [UInt64]) {
        for seq in seqs where lines[seq] != nil { lines[seq] = .back }
    }

    mutating func gotBack(_ messages: [ChatEvent]) {
        for line in messages {
            if let seq = line.seq, lines[seq] != nil { lines[seq] = .text(line) }
        }
    }
}
