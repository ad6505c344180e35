internal import Chat
internal import Reactor

/// Frees logs that no member needs.
extension RoomStreams {
    /// The room's log isn't empty any more.
    @inline(__always)
    mutating func warmUp(_ room: RoomID, at now: CoarseTime) {
        guard !self[room].isWarm else { return }
        self[room].isWarm = true
        warm.add(room, dueAt: Self.nextCooling(after: now))
    }

    private static func nextCooling(after now: CoarseTime) -> CoarseTime {
        now.advanced(byMilliseconds: Limits.idleRoom / 8)
    }

    /// Frees the logs of rooms without recent lines: the whole log if its lines are also stored,
    /// and most of it otherwise. Lines that members still need are kept. The growth of a log goes
    /// as soon as no member needs it.
    mutating func cool(
        _ hub: borrowing Hub, _ connections: borrowing Connections, isStored: Bool,
        at now: CoarseTime, pool: inout ChunkPool
    ) {
        for room in growth.rooms { trim(room, hub, connections, at: now, pool: &pool) }
        let kept = isStored ? 0 : logBytes / Limits.idleLogShare
        var rooms = warm.take()
        rooms.removeAll { room in
            if !self[room].log.isEmpty {
                let idleSince = self[room].log.changed
                guard idleSince.advanced(byMilliseconds: Limits.idleRoom) < now,
                    hub.areAllAtHead(in: room)
                else { return false }
                self[room].log.trim(to: kept, pool: &pool)
                // While the log isn't empty, the budget must find it.
                guard self[room].log.isEmpty else { return false }
            }
            self[room].isWarm = false
            return true
        }
        warm.keep(rooms, dueAt: Self.nextCooling(after: now))
    }

    /// Gives back the memory of rooms from number `count` on, which have vanished and are in no
    /// list. No batch may be open.
    mutating func giveBack(to count: Int) {
        precondition(openBatches == 0, "a batch is open")
        forget(from: count)
    }

    /// Adds older lines to a room's log if they end where it begins and its budget has room for
    /// them. Returns whether the log keeps the maker's references. `last` is the room's last
    /// number.
    mutating func prepend(
        _ batch: SealedBatch, to room: RoomID, last: UInt64, at now: CoarseTime,
        pool: borrowing ChunkPool
    ) -> Bool {
        let start = self[room].log.firstSeq ?? sealedSeq(of: room, last: last) + 1
        guard start == batch.lastSeq + 1,
            self[room].log.prepend(batch, at: now, budget: logBytes, pool: pool)
        else { return false }
        warmUp(room, at: now)
        return true
    }

    /// Frees a room's log, unless a member that is behind still needs it.
    mutating func trimUnread(_ room: RoomID, _ hub: borrowing Hub, pool: inout ChunkPool) {
        guard hub.rooms[room.index] != nil, hub.areAllAtHead(in: room) else { return }
        shrink(room, to: 0, pool: &pool)
    }
}
