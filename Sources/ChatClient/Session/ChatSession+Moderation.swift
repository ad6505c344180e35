internal import Chat

extension ChatSession {
    /// Whether everything of ours has been answered.
    public var isIdle: Bool { pending.isEmpty && orders.isEmpty }

    /// Adds a command to be sent now, or when there is a connection. Then call
    /// ``proceed(at:)``.
    public mutating func order(
        _ command: ModerationCommand, in room: String,
        using random: inout some RandomNumberGenerator
    ) {
        orders.append(
            PendingOrder(id: MessageID.make(using: &random), room: room, command: command))
    }

    mutating func sendOrders(_ outcomes: inout [ChatOutcome]) {
        for index in orders.indices where !orders[index].isInFlight {
            guard isInside(orders[index].room) else { continue }
            orders[index].isInFlight = true
            let order = orders[index]
            outcomes.append(.send(.moderate(order.command, room: order.room, id: order.id)))
        }
    }

    mutating func received(_ log: ServerEvent.ModerationLog, _ outcomes: inout [ChatOutcome]) {
        guard let index = orders.firstIndex(where: { $0.id == log.id }) else { return }
        orders.remove(at: index)
        outcomes.append(.log(log))
    }

    /// A tombstone has arrived in the place of a line.
    mutating func received(_ tombstone: ServerEvent.Tombstone, _ outcomes: inout [ChatOutcome]) {
        guard let index = roomIndex(tombstone.room), rooms[index].membership == .inside else {
            return
        }
        let removal = ServerEvent.Removal(
            room: tombstone.room, rev: 0, runs: [tombstone.seq...tombstone.seq])
        switch rooms[index].received(seq: tombstone.seq) {
        case .old: outcomes.append(.removed(removal))
        case .next: break
        case .behind(let gap): missed(gap, &outcomes)
        }
    }

    /// `mayGoOn`: the change may have further events.
    mutating func received(
        _ removal: ServerEvent.Removal, mayGoOn: Bool, _ outcomes: inout [ChatOutcome]
    ) {
        guard changed(removal.room, rev: removal.rev, mayGoOn: mayGoOn) else { return }
        outcomes.append(.removed(removal))
    }

    mutating func received(_ restored: ServerEvent.Restored, _ outcomes: inout [ChatOutcome]) {
        guard changed(restored.room, rev: restored.rev) else { return }
        outcomes.append(.restored(restored))
    }

    mutating func received(_ change: ServerEvent.RoomChanged, _ outcomes: inout [ChatOutcome]) {
        guard changed(change.room, rev: change.rev) else { return }
        outcomes.append(.settings(room: change.room, change.settings))
    }

    mutating func received(
        _ decision: ServerEvent.Decision, isReleased: Bool, _ outcomes: inout [ChatOutcome]
    ) {
        let line = held.removeValue(forKey: ByteText(decision.held))
        outcomes.append(.decided(held: decision.held, line, isReleased: isReleased))
    }

    /// Whether we are in the room.
    private mutating func changed(_ room: String, rev: UInt64, mayGoOn: Bool = false) -> Bool {
        guard let index = roomIndex(room), rooms[index].membership == .inside else { return false }
        rooms[index].changed(rev: rev, mayGoOn: mayGoOn)
        return true
    }
}
