public import Chat

/// What a webhook reads of the rooms' streams.
extension WebhookFollower {
    /// A change doesn't wait longer than this for lines before it, in milliseconds.
    private static let patience: Int64 = 5_000

    /// Looks at the ends of the rooms, so that none is missed that appears meanwhile. Returns those
    /// with something new.
    @discardableResult
    public mutating func look(at source: any WebhookSource) throws -> [RoomHead] {
        let (epoch, heads) = try source.heads(of: webhook.namedRooms)
        if let known = state.epoch, known != epoch {
            state.cursors = try source.adjusted(state.cursors, of: known)
            unsaved = state.cursors
            current = nil
        }
        state.epoch = epoch
        report.pending = 0
        var pending: [RoomHead] = []
        for head in heads where webhook.takes(head.room) {
            let behind = behind(head)
            report.pending += behind
            if behind > 0 { pending.append(head) }
        }
        if isNew {
            isNew = false
            try save(to: source)
        }
        return pending
    }

    /// The number of entries of a room that the webhook has yet to get.
    private mutating func behind(_ head: RoomHead) -> UInt64 {
        let start = isNew ? head.last : RoomCursor(seq: max(head.oldest, 1) - 1)
        let known = state.cursors[head.room]
        var cursor = known ?? start
        // Somebody may have replaced a file.
        cursor.seq = min(cursor.seq, head.last.seq)
        cursor.rev = min(cursor.rev, head.last.rev)
        if cursor != known {
            state.cursors[head.room] = cursor
            unsaved[head.room] = cursor
        }
        return head.last.seq - cursor.seq + (head.last.rev - cursor.rev)
    }

    /// Adds what is next in a room.
    func take(
        _ head: RoomHead, _ members: [EventFeed.Entry], from source: any WebhookSource,
        at time: Timestamp, into batch: inout EventBatch
    ) throws {
        guard var cursor = state.cursors[head.room] else { return }
        // The same events as in the last try.
        let end = current?.ends[head.room] ?? head.last
        let takesLines = webhook.takesLines
        if let floor = floors[head.room] {
            cursor = skip(to: floor, from: cursor, in: head.room, &batch)
        }
        let lost = max(head.oldest, 1) - 1
        if takesLines, cursor.seq < lost {
            cursor = skip(
                to: RoomCursor(seq: lost, rev: cursor.rev), from: cursor, in: head.room, &batch)
        }
        var page: RoomPage?
        if takesLines {
            page =
                cursor.seq < end.seq
                ? try source.page(of: head.room, from: cursor.seq + 1, through: end.seq)
                : RoomPage(lines: [], through: cursor.seq, oldest: head.oldest)
        }
        let limit = EventBatch.limit
        let found =
            cursor.rev < end.rev
            ? try source.changes(of: head.room, after: cursor.rev, atMost: limit) : []
        let changes = found.filter { $0.change.rev <= end.rev }
        var merge = StreamMerge(
            room: head.room, cursor: cursor, page: page, changes: changes,
            hasMoreChanges: found.count == limit && (changes.last?.change.rev ?? 0) < end.rev,
            last: head.last.seq, members: members,
            patience: Timestamp(milliseconds: time.milliseconds - Self.patience))
        merge.add(to: &batch)
        guard !takesLines else { return }
        // Lines are passed over.
        batch.extent.reached(RoomCursor(seq: end.seq, rev: merge.cursor.rev), in: head.room)
    }

    /// Entries up to a position are missing.
    private func skip(
        to end: RoomCursor, from cursor: RoomCursor, in room: RoomName, _ batch: inout EventBatch
    ) -> RoomCursor {
        let to = RoomCursor(seq: max(end.seq, cursor.seq), rev: max(end.rev, cursor.rev))
        guard to != cursor else { return cursor }
        batch.add(.gap(in: room, from: cursor, to: to))
        batch.extent.givenUp += to.seq - cursor.seq + (to.rev - cursor.rev)
        batch.extent.reached(to, in: room)
        return to
    }

    /// What is older than a time is told of no more.
    mutating func giveUp(before time: Timestamp, from source: (any WebhookSource)?) throws {
        current = nil
        guard let source else { return }
        for (room, cursor) in state.cursors {
            var last = try source.last(of: room, behind: cursor, before: time)
            if !webhook.takesLines { last.seq = cursor.seq }
            if last != cursor { floors[room] = last }
        }
    }
}
