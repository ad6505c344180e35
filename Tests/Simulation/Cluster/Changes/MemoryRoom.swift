package import Chat
package import ChatCluster

/// What a ``MemoryShard`` keeps of a room.
package struct MemoryRoom {
    /// The stream, without the lines that were deleted. Numbers may jump where they were raised.
    package private(set) var entries: [StoredEntry] = []
    /// The position that the next entry comes after.
    package private(set) var last = RoomCursor()
    /// The position of the last entry that was added.
    private var lastAdded = RoomCursor()
    /// The epoch of the last entry. Nil if there was none.
    private var epoch: Epoch?
    private var ends: [EpochEnd] = []
    /// Numbers of lines that were deleted.
    private var deleted: Set<UInt64> = []
    package private(set) var settings = RoomSettings()
    package private(set) var bans: [String: Ban] = [:]
    package private(set) var terms: [String: Term.Action] = [:]
    package private(set) var log: [UInt64: LedgerEntry] = [:]
    private var keys: [String: ChangeBasis.Known] = [:]
    /// Deleted lines that may be brought back, by their change.
    package private(set) var kept: [UInt64: [UInt64: OriginLine]] = [:]
    /// Lines whose texts are yet to be deleted, by their change.
    package private(set) var unerased: [UInt64: [UInt64]] = [:]
    /// Lines that were brought back.
    package private(set) var restored: [UInt64: OriginLine] = [:]

    package init() {}

    /// The lines that can be read, the newest first.
    package var lines: [OriginLine] {
        let inStream = entries.compactMap { entry -> OriginLine? in
            guard case .line(let line, let origin) = entry.content else { return nil }
            return OriginLine(line, from: origin)
        }
        return (inStream + restored.values).sorted { $0.line.seq > $1.line.seq }
    }

    mutating func append(_ draft: Draft, in current: Epoch) -> StoredEntry {
        last.seq += 1
        let line = Line(
            seq: last.seq, time: draft.time, username: draft.username, message: draft.message,
            by: draft.author)
        return add(.line(line, draft.origin), in: current)
    }

    private mutating func add(
        _ content: StoredEntry.Content, in current: Epoch
    ) -> StoredEntry {
        ends = ends(in: current)
        (epoch, lastAdded) = (current, last)
        let entry = StoredEntry(last, content)
        entries.append(entry)
        return entry
    }

    /// Numbers go on above these. Returns whether they jump.
    @discardableResult
    mutating func raise(to cursor: RoomCursor) -> Bool {
        let before = last
        last = RoomCursor(seq: max(last.seq, cursor.seq), rev: max(last.rev, cursor.rev))
        return last != before
    }

    /// A change that nobody here has asked for.
    mutating func change(at time: Timestamp, in current: Epoch) -> StoredEntry {
        last.rev += 1
        var settings = RoomSettings()
        settings.pinned = last.rev
        self.settings = settings
        let change = RoomChange(
            rev: last.rev, after: last.seq, time: time, kind: .settings(settings))
        return add(.change(change), in: current)
    }

    package func state(_ name: RoomName) -> RoomState {
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
    mutating func make(_ write: ChangeWrite, in current: Epoch) -> StoredEntry? {
        guard write.change.rev == last.rev + 1 else { return nil }
        if case .restored(let restored) = write.change.kind, !restored.seqs.isEmpty {
            guard let back = kept.removeValue(forKey: restored.of) else { return nil }
            self.restored.merge(back) { $1 }
            deleted.subtract(back.keys)
        }
        last.rev = write.change.rev
        let change = write.change.placed(after: last.seq)
        _ = add(.change(change.withoutTexts), in: current)
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
        deleted.formUnion(gone)
        let left = Array(seqs.dropFirst(gone.count))
        unerased[rev] = left.isEmpty ? nil : left
        return left.count
    }

    mutating func forgetKept() { kept = [:] }

    private static func text(_ key: ChangeKey) -> String { "\(key.user)\n\(key.key)" }

    /// Deletes so many of the oldest entries. Returns the oldest line then, or nil if there was
    /// nothing to delete.
    mutating func trim(by count: Int) -> UInt64? {
        guard !entries.isEmpty, count > 0 else { return nil }
        entries.removeFirst(min(count, entries.count))
        let first = entries.first?.cursor.seq ?? last.seq + 1
        restored = restored.filter { $0.key >= first }
        return oldest
    }

    // MARK: Reading

    private func ends(in current: Epoch) -> [EpochEnd] {
        guard let epoch, epoch != current else { return ends }
        return ends + [EpochEnd(epoch: epoch, seq: lastAdded.seq)]
    }

    private var oldest: UInt64 { lines.last?.line.seq ?? last.seq + 1 }

    func snapshot(in current: Epoch) -> RoomSnapshot {
        let changes = entries.compactMap { entry in
            if case .change(let change) = entry.content { change } else { nil }
        }
        return RoomSnapshot(
            epoch: current, lastSeq: last.seq, oldest: oldest, ends: ends(in: current)
        ).with(
            lastRev: last.rev, changes: Array(changes.suffix(RoomSnapshot.changeLimit)),
            settings: settings)
    }

    /// Deleted lines are there without texts.
    func page(from: UInt64, through: UInt64) -> RoomPage {
        let end = min(through, last.seq)
        var all: [UInt64: Line] = [:]
        for line in lines where from <= line.line.seq && line.line.seq <= end {
            all[line.line.seq] = line.line
        }
        for seq in deleted where from <= seq && seq <= end {
            let line = Line(
                seq: seq, time: Timestamp(milliseconds: 0), username: "", message: "")
            all[seq] = line.deleted
        }
        var found: [Line] = []
        for (seq, line) in all.sorted(by: { $0.key < $1.key }) {
            if found.isEmpty, seq > from {
                return RoomPage(lines: [], through: seq - 1, oldest: oldest)
            }
            if let last = found.last, last.seq + 1 < seq { break }
            found.append(line)
            if found.count == RoomPage.lineLimit { break }
        }
        return RoomPage(lines: found, through: found.last?.seq ?? end, oldest: oldest)
    }

    /// The entry at this position.
    func entry(at cursor: RoomCursor) -> StoredEntry? { entries.first { $0.cursor == cursor } }

    /// Nil if there is a hole after the position.
    func entries(after cursor: RoomCursor) -> [StoredEntry]? {
        guard (cursor.seq, cursor.rev) <= (last.seq, last.rev) else { return nil }
        var found: [StoredEntry] = []
        var next = cursor
        for entry in entries where (cursor.seq, cursor.rev) < (entry.cursor.seq, entry.cursor.rev) {
            let isNext = entry.cursor.seq + entry.cursor.rev == next.seq + next.rev + 1
            guard isNext else { return found.isEmpty ? nil : found }
            next = entry.cursor
            found.append(entry)
            if found.count == RoomPage.lineLimit { return found }
        }
        return found.isEmpty && cursor != last ? nil : found
    }
}
