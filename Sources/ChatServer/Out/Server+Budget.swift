internal import Chat
internal import Reactor

/// One budget for all bytes that wait for somebody, or are kept in case that somebody falls behind,
/// each shared chunk counted once.
extension Server where Net: ~Copyable {
    // Inlined, because a call that changes nothing is given a copy of the server.
    @inline(__always)
    var isOverBudget: Bool {
        max(pool.waitingBytes, pool.bytes - ownBytes) > limits.bufferBudget
    }

    /// Past the budget first the logs go that nobody is reading, then the worst laggards and what
    /// only they needed, until what is left fits.
    mutating func enforceBudget() {
        // Whoever leaves a room seals its batch, which then would wait for others.
        sealHeldBatches()
        for room in warmRooms where isOverBudget { trimUnread(room) }
        guard isOverBudget else { return }
        for index in laggards() where isOverBudget {
            let rooms = hub.memberships(of: MemberID(index: index)).map { hub.room(of: $0) }
            closeLaggard(index, "The server's buffers are full, and you are the slowest.")
            for room in rooms { trimUnread(room) }
        }
    }

    /// Gives a room's log back, unless somebody who is behind still needs it.
    private mutating func trimUnread(_ room: RoomID) {
        guard hub.rooms[room.index] != nil, hub.headCount(of: room) == hub.memberCount(of: room)
        else { return }
        roomLogs[room.index].trim(to: 0, pool: &pool)
    }

    /// Those in the chat for whom something waits, the worst first.
    private func laggards() -> [Int] {
        var laggards: [(bytes: Int, index: Int)] = []
        for index in 0..<connections.endIndex
        where connections.isUsed(index) && connections[index].phase == .open {
            let bytes =
                Int(connections[index].outbound.lineBytes) + connections[index].outbound.controlCost
            if bytes > 0 { laggards.append((bytes, index)) }
        }
        return laggards.sorted { $0.bytes > $1.bytes }.map(\.index)
    }
}
