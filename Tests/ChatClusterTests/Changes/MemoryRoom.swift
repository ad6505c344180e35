@testable import Chat
@testable import ChatCluster

/// What a ``MemoryShard`` keeps of a room.
struct MemoryRoom {
    /// The stream, without the lines that were deleted.
    private(set) var entries: [StoredEntry] = []
    private(set) var last = RoomCursor()
    private(set) var settings = RoomSettings()
    private(set) var bans: [String: Ban] = [:]
    private(set) var terms: [String: Term.Action] = [:]
    private(set) var log: [UInt64: LedgerEntry] = [:]
    private var keys: [String: ChangeBasis.Known] = [:]
    /// Deleted lines that may be brought back, by their change.
    private(set) var kept: [UInt64: [UInt64: OriginLine]] = [:]
    /// Lines whose texts are yet to be deleted, by their change.
    private(set) var unerased: [UInt64: [UInt64]] = [:]
    /// Lines that were brought back.
    private(set) var restored: [UInt64: OriginLine] = [:]

    /// The lines that can be read, the newest first.
    var lines: [OriginLine] {
        let inStream = entries.compactMap { entry -> OriginLine? in
            guard case .line(let line, let origin) = entry.content else { return nil }
            return OriginLine(line, from: origin)
        }
        return (inStream + restored.values).sorted { $0.line.seq > $1.line.seq }
    }

    mutating func append(_ draft: Draft) -> StoredEntry {
        last.seq += 1
        let line = Line(
            seq: last.seq, time: draft.time, username: draft.username, message: draft.message,
            by: draft.author)
        let entry = StoredEntry(last, .line(line, draft.origin))
        entries.append(entry)
        return entry
    }

    mutating func raise(to cursor: RoomCursor) {
        last = RoomCursor(seq: max(last.seq, cursor.seq), rev: max(last.rev, cursor.rev))
    }

    func state(_ name: RoomName) -> RoomState {
        var state = RoomState(name, rev: last.rev)
        (state.settings, state.bans) = (settings, Array(bans.values))
        state.terms = terms.map { Term($0.key, $0.value) }
        return state
    }

    func basis(_ question: ChangeQuestion, news: UInt64) -> ChangeBasis {
        var basis = ChangeBasis(last: last, news: news)
        basis.known = question.key.flatMap { keys[Self.text($0)] }
        let seqs = Set(question.seqs)
        basis.lines = lines.filter { seqs.contains($0.line.seq) }.reversed()
        if let rev = question.undoing, let entry = log[rev] {
            var undoing = ChangeBasis.Undoing(entry)
            let lines = (kept[rev] ?? [:]).values.map(\.line).sorted { $0.seq < $1.seq }
            undoing.kept = Array(lines.prefix(ShardLimits.keptLines))
            undoing.isErasing = unerased[rev] != nil
            basis.undoing = undoing
        }
        return basis
    }

    /// Nil if it isn't the next change.
    mutating func make(_ write: ChangeWrite) -> StoredEntry? {
        guard write.change.rev == last.rev + 1 else { return nil }
        if case .restored(let restored) = write.change.kind, !restored.seqs.isEmpty {
            guard let back = kept.removeValue(forKey: restored.of) else { return nil }
            self.restored.merge(back) { $1 }
        }
        last.rev = write.change.rev
        let change = write.change.placed(after: last.seq)
        entries.append(
            StoredEntry(last, .change(change.withoutTexts)))
        for edit in write.edits { apply(edit) }
        log[change.rev] = write.entry
        if case .restored(let restored) = change.kind { log[restored.of]?.undone = change.rev }
        if let key = write.key {
            keys[Self.text(key)] = ChangeBasis.Known(rev: change.rev, digest: write.digest)
        }
        if !change.goneLines.isEmpty {
            (unerased[change.rev], kept[change.rev]) = (change.goneLines, [:])
            _ = erase(change.rev)
        }
        return StoredEntry(last, .change(change))
    }

    private mutating func apply(_ edit: StateEdit) {
        switch edit {
        case .settings(let settings): self.settings = settings
        case .ban(let ban): bans[ban.place] = ban
        case .unban(let ban): bans[ban.place] = nil
        case .term(let text, let action): terms[text] = action
        }
    }

    mutating func erase(_ rev: UInt64) -> Int {
        guard let seqs = unerased[rev] else { return 0 }
        let gone = Set(seqs.prefix(ShardLimits.erasedLines))
        for line in lines where gone.contains(line.line.seq) {
            kept[rev, default: [:]][line.line.seq] = line
        }
        entries.removeAll { entry in
            if case .line(let line, _) = entry.content { gone.contains(line.seq) } else { false }
        }
        for seq in gone { restored[seq] = nil }
        let left = Array(seqs.dropFirst(gone.count))
        unerased[rev] = left.isEmpty ? nil : left
        return left.count
    }

    mutating func forgetKept() { kept = [:] }

    private static func text(_ key: ChangeKey) -> String { "\(key.user)\n\(key.key)" }
}
