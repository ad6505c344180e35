internal import Chat
internal import Redis

/// Reads what Redis replies about rooms.
enum RoomCode {
    /// The reply of open.lua.
    static func snapshot(_ value: RedisValue) -> ShardReply? {
        guard let parts = value.elements, parts.count == 8,
            let last = ReplyCode.position(parts[1]), let oldest = ReplyCode.number(parts[2]),
            let changes = parts[7].elements,
            let recorded = parts[4].text.flatMap({ pairs($0) }), let epochs = parts[5].elements
        else { return nil }
        if parts[0] == .null { return .failed(reason: "no epoch has begun") }
        guard let current = ReplyCode.epoch(parts[0]) else { return nil }
        let earlier = EpochEnds.ends(
            recorded: recorded, own: ReplyCode.epoch(parts[3]),
            epochs: epochs.compactMap { ReplyCode.epoch($0) }, current: current,
            lastSeq: last.seq)
        let snapshot = RoomSnapshot(
            epoch: current, lastSeq: last.seq, oldest: oldest, ends: earlier)
        let settings = parts[6].text.flatMap { RoomSettings(stored: $0) } ?? RoomSettings()
        return .opened(
            snapshot.with(
                lastRev: last.rev, changes: Self.changes(changes, through: last.rev),
                settings: settings))
    }

    /// The changes of entries of the log, the newest first. What is before a hole is of no use.
    private static func changes(_ entries: [RedisValue], through last: UInt64) -> [RoomChange] {
        var changes: [RoomChange] = []
        for entry in entries {
            guard let bytes = entry.bytes, let found = JSONText.value(LedgerEntry.self, in: bytes),
                found.change.rev == last - UInt64(changes.count)
            else { break }
            changes.append(found.change)
        }
        return changes.reversed()
    }

    /// Pairs of an epoch and its last number.
    private static func pairs(_ text: String) -> [EpochEnd]? {
        let words = text.split(separator: " ")
        var ends: [EpochEnd] = []
        for place in stride(from: 0, to: words.count, by: 2) {
            guard place + 1 < words.count, let epoch = Epoch(String(words[place])),
                let seq = UInt64(words[place + 1])
            else { return nil }
            ends.append(EpochEnd(epoch: epoch, seq: seq))
        }
        return ends
    }

    /// The reply of read.lua. Lines that are missing between others were deleted.
    static func page(_ value: RedisValue, from: UInt64, through: UInt64) -> RoomPage? {
        guard let parts = value.elements, parts.count == 6,
            let last = ReplyCode.position(parts[0]), let oldest = ReplyCode.number(parts[1]),
            let stream = entries(parts[2]), let back = LineCode.restored(parts[4])
        else { return nil }
        let first = max(from, oldest)
        var end = min(through, last.seq)
        // What comes behind the last line that was read of one of both isn't known.
        if parts[3] != .integer(1), let last = stream.last { end = min(end, last.cursor.seq) }
        if parts[5] != .integer(1), let last = back.last { end = min(end, last.line.seq) }
        end = min(end, first + UInt64(RoomPage.lineLimit) - 1)
        var found: [UInt64: Line] = [:]
        for line in back { found[line.line.seq] = line.line }
        for entry in stream {
            guard case .line(let line, _) = entry.content else { return nil }
            found[line.seq] = line
        }
        guard first <= end else {
            return RoomPage(
                lines: [], through: min(through, last.seq), oldest: oldest)
        }
        let lines = (first...end).map { seq in
            found[seq]
                ?? Line(seq: seq, time: Timestamp(milliseconds: 0), username: "", message: "")
                .deleted
        }
        return RoomPage(lines: lines, through: end, oldest: oldest)
    }

    /// The reply of catch_up.lua. Lines that are missing between others were deleted.
    static func entries(_ value: RedisValue, after cursor: RoomCursor) -> ShardReply? {
        guard let parts = value.elements, parts.count == 6,
            let last = ReplyCode.position(parts[1]), let oldest = ReplyCode.number(parts[2]),
            let raised = ReplyCode.position(parts[3]), let found = entries(parts[4]),
            let isAll = parts[5].number
        else { return nil }
        if parts[0] == .null { return .failed(reason: "no epoch has begun") }
        guard let epoch = ReplyCode.epoch(parts[0]) else { return nil }
        let isKnown =
            cursor.seq + 1 >= oldest && cursor.seq >= raised.seq
            && cursor.rev >= raised.rev
        guard isKnown, isComplete(found, from: cursor, to: isAll == 1 ? last : nil) else {
            return .caughtUp(epoch, nil)
        }
        return .caughtUp(epoch, found)
    }

    /// Whether only lines are missing between the positions. A change is never deleted.
    private static func isComplete(
        _ entries: [StoredEntry], from start: RoomCursor, to end: RoomCursor?
    ) -> Bool {
        var position = start
        for entry in entries {
            switch entry.content {
            case .line: if entry.cursor.rev != position.rev { return false }
            case .change: if entry.cursor.rev != position.rev + 1 { return false }
            }
            position = entry.cursor
        }
        return end.map { $0 == position } ?? true
    }

    /// A list of id, field and content.
    private static func entries(_ value: RedisValue) -> [StoredEntry]? {
        guard let parts = value.elements, parts.count % 3 == 0 else { return nil }
        var entries: [StoredEntry] = []
        entries.reserveCapacity(parts.count / 3)
        for place in stride(from: 0, to: parts.count, by: 3) {
            guard let cursor = ReplyCode.position(parts[place]),
                let bytes = parts[place + 2].bytes,
                let entry = EntryCode.entry(bytes, at: cursor)
            else { return nil }
            entries.append(entry)
        }
        return entries
    }
}
