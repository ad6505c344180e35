internal import Chat
internal import ChatCluster

/// What a simulated shard keeps of a room.
struct ShardRoom {
    /// In the order of their positions, which may jump where the numbers were raised.
    private(set) var entries: [StoredEntry] = []
    /// The epoch of the last append. Nil if there was none.
    private var epoch: Epoch?
    private var ends: [EpochEnd] = []
    /// Numbers go on above it.
    private var floor = RoomCursor()

    /// The last entry, deleted or not.
    private var last = RoomCursor()

    /// The position that the next entry comes after.
    var head: RoomCursor {
        RoomCursor(seq: max(last.seq, floor.seq), rev: max(last.rev, floor.rev))
    }

    private func ends(in current: Epoch) -> [EpochEnd] {
        guard let epoch, epoch != current else { return ends }
        return ends + [EpochEnd(epoch: epoch, seq: last.seq)]
    }

    /// Returns whether numbers jump.
    mutating func raise(above cursor: RoomCursor) -> Bool {
        let before = head
        floor.seq = max(floor.seq, cursor.seq)
        floor.rev = max(floor.rev, cursor.rev)
        return head != before
    }

    mutating func append(_ draft: Draft, in current: Epoch) -> StoredEntry {
        var cursor = head
        cursor.seq += 1
        let line = Line(
            seq: cursor.seq, time: draft.time, username: draft.username, message: draft.message,
            by: draft.author)
        return add(StoredEntry(cursor, .line(line, draft.origin)), in: current)
    }

    mutating func change(at time: Timestamp, in current: Epoch) -> StoredEntry {
        var cursor = head
        cursor.rev += 1
        var settings = RoomSettings()
        settings.pinned = cursor.rev
        let change = RoomChange(
            rev: cursor.rev, after: cursor.seq, time: time, kind: .settings(settings))
        return add(StoredEntry(cursor, .change(change)), in: current)
    }

    private mutating func add(_ entry: StoredEntry, in current: Epoch) -> StoredEntry {
        (ends, epoch) = (ends(in: current), current)
        entries.append(entry)
        last = entry.cursor
        return entry
    }

    private var lines: some Sequence<Line> {
        entries.lazy.compactMap { if case .line(let line, _) = $0.content { line } else { nil } }
    }

    /// Deletes so many of the oldest entries. Returns the oldest line then, or nil if there was
    /// nothing to delete.
    mutating func trim(by count: Int) -> UInt64? {
        guard !entries.isEmpty, count > 0 else { return nil }
        entries.removeFirst(min(count, entries.count))
        return oldest
    }

    /// The first line, or the one after the last.
    private var oldest: UInt64 { lines.first { _ in true }?.seq ?? head.seq + 1 }

    func snapshot(in current: Epoch) -> RoomSnapshot {
        let changes = entries.compactMap { entry in
            if case .change(let change) = entry.content { change } else { nil }
        }
        return RoomSnapshot(
            epoch: current, lastSeq: head.seq,
            oldest: oldest, ends: ends(in: current)
        ).with(
            lastRev: head.rev, changes: Array(changes.suffix(RoomSnapshot.changeLimit)),
            settings: changes.last?.settings ?? RoomSettings())
    }

    func page(from: UInt64, through: UInt64) -> RoomPage {
        let end = min(through, head.seq)
        var found: [Line] = []
        for line in lines where from <= line.seq && line.seq <= end {
            if found.isEmpty, line.seq > from {
                return RoomPage(lines: [], through: line.seq - 1, oldest: oldest)
            }
            if let last = found.last, last.seq + 1 < line.seq { break }
            found.append(line)
            if found.count == RoomPage.lineLimit { break }
        }
        return RoomPage(lines: found, through: found.last?.seq ?? end, oldest: oldest)
    }

    /// The entry at this position.
    func entry(at cursor: RoomCursor) -> StoredEntry? { entries.first { $0.cursor == cursor } }

    /// Nil if there is a hole after the position.
    func entries(after cursor: RoomCursor) -> [StoredEntry]? {
        guard (cursor.seq, cursor.rev) <= (head.seq, head.rev) else { return nil }
        var found: [StoredEntry] = []
        var last = cursor
        for entry in entries where (cursor.seq, cursor.rev) < (entry.cursor.seq, entry.cursor.rev) {
            let isNext = entry.cursor.seq + entry.cursor.rev == last.seq + last.rev + 1
            guard isNext else { return found.isEmpty ? nil : found }
            last = entry.cursor
            found.append(entry)
            if found.count == RoomPage.lineLimit { return found }
        }
        return found.isEmpty && cursor != head ? nil : found
    }
}
