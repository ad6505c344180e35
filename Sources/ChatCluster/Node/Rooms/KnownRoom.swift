internal import Chat

/// What a node has told its server of a room: its state at one position.
struct KnownRoom {
    /// How an entry fits to the position.
    enum Taking: Equatable {
        case next
        /// It was told already.
        case known
        /// Entries before it are missing.
        case early
    }

    let epoch: Epoch
    private(set) var position: RoomCursor
    private var oldest: UInt64
    private let ends: [EpochEnd]
    private var changes: [RoomChange]
    private var settings: RoomSettings

    init(_ snapshot: RoomSnapshot) {
        epoch = snapshot.epoch
        position = RoomCursor(seq: snapshot.lastSeq, rev: snapshot.lastRev)
        oldest = snapshot.oldest
        ends = snapshot.ends
        changes = snapshot.changes
        settings = snapshot.settings
    }

    /// The state now. It can be handed out again, without asking the shard.
    var snapshot: RoomSnapshot {
        RoomSnapshot(epoch: epoch, lastSeq: position.seq, oldest: oldest, ends: ends)
            .with(lastRev: position.rev, changes: changes, settings: settings)
    }

    /// An entry has arrived. If it is the next one, it is part of the state from now on.
    mutating func take(_ entry: StoredEntry) -> Taking {
        guard position.isBefore(entry.cursor) else { return .known }
        var next = position
        switch entry.content {
        case .line: next.seq += 1
        case .change: next.rev += 1
        }
        guard entry.cursor == next else { return .early }
        position = next
        if case .change(let change) = entry.content { took(change) }
        return .next
    }

    /// Lines before this one are gone. Returns whether that is news.
    mutating func pruned(_ oldest: UInt64) -> Bool {
        guard self.oldest < oldest else { return false }
        self.oldest = oldest
        return true
    }

    private mutating func took(_ change: RoomChange) {
        if changes.count == RoomSnapshot.changeLimit { changes.removeFirst() }
        changes.append(change)
        settings = change.settings ?? settings
    }
}

extension RoomCursor {
    /// Whether it is earlier in the order of the room.
    func isBefore(_ other: RoomCursor) -> Bool { (seq, rev) < (other.seq, other.rev) }
}
