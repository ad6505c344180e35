internal import Chat

/// Puts what was read of a room into the order of its stream.
struct StreamMerge {
    let room: RoomName
    /// Where the webhook is.
    private(set) var cursor: RoomCursor
    /// Lines behind the cursor, and the last number that was read. Nil if lines aren't wanted.
    let page: RoomPage?
    /// Changes behind the cursor, and whether there may be more.
    let changes: [ChangeRecord]
    let hasMoreChanges: Bool
    /// The room's last line when the page was read.
    let last: UInt64
    /// Members of the room that came or went, each behind a line.
    let members: [EventFeed.Entry]
    /// Changes made before this time don't wait for lines that aren't there.
    let patience: Timestamp

    /// Adds what is next in order until the batch is full. Members are always added.
    mutating func add(to batch: inout EventBatch) {
        var lines = (page?.lines ?? [])[...]
        var members = self.members[...]
        for record in changes {
            guard !batch.isFull else { return finish(members, in: &batch) }
            if page != nil {
                add(&lines, through: record.change.after, &members, to: &batch)
                let isBehind = batch.isFull || !lines.isEmpty && cursor.seq < record.change.after
                if isBehind || waits(for: record.change) { return finish(members, in: &batch) }
            }
            for event in WebhookEvent.all(of: record, in: room) { batch.add(event) }
            cursor.rev = record.change.rev
            batch.extent.reached(cursor, in: room)
        }
        // What is behind them may be behind other changes, too.
        if !hasMoreChanges { add(&lines, through: .max, &members, to: &batch) }
        finish(members, in: &batch)
    }

    /// Whether lines before a change are yet to be read.
    private func waits(for change: RoomChange) -> Bool {
        guard change.after > cursor.seq else { return false }
        return cursor.seq < last || change.time > patience
    }

    private mutating func add(
        _ lines: inout ArraySlice<Line>, through seq: UInt64,
        _ members: inout ArraySlice<EventFeed.Entry>, to batch: inout EventBatch
    ) {
        while let line = lines.first, line.seq <= seq, !batch.isFull {
            lines.removeFirst()
            while let member = members.first, member.seq < line.seq {
                batch.add(member.event)
                members.removeFirst()
            }
            skip(to: line.seq - 1, in: &batch)
            batch.add(WebhookEvent(line, in: room))
            cursor.seq = line.seq
            batch.extent.reached(cursor, in: room)
        }
        // Numbers at the end of a page may have no line.
        if lines.isEmpty, let page, !batch.isFull { skip(to: min(page.through, seq), in: &batch) }
    }

    /// Lines are missing up to this number.
    private mutating func skip(to seq: UInt64, in batch: inout EventBatch) {
        guard cursor.seq < seq else { return }
        let end = RoomCursor(seq: seq, rev: cursor.rev)
        batch.add(.gap(in: room, from: cursor, to: end))
        batch.extent.givenUp += seq - cursor.seq
        cursor = end
        batch.extent.reached(cursor, in: room)
    }

    private func finish(
        _ members: ArraySlice<EventFeed.Entry>, in batch: inout EventBatch
    ) {
        for member in members { batch.add(member.event) }
    }
}
