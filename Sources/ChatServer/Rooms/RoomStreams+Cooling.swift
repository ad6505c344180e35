internal import Chat
internal import Reactor

/// Logs that nobody needs are given back.
extension RoomStreams {
    /// The room's log holds something.
    @inline(__always)
    mutating func warmUp(_ room: RoomID, at now: CoarseTime) {
        guard !self[room].isWarm else { return }
        self[room].isWarm = true
        warm.add(room, dueAt: Self.nextCooling(after: now))
    }

    private static func nextCooling(after now: CoarseTime) -> CoarseTime {
        now.advanced(byMilliseconds: Limits.idleRoom / 8)
    }

    /// Gives back the logs of rooms in which nothing was said for a while: all of a log whose lines
    /// are stored, too, most of one that nobody else has. What members that are behind still need
    /// stays. What a log was granted beyond its share goes as soon as no member needs it.
    mutating func cool(
        _ hub: borrowing Hub, _ connections: borrowing Connections, isStored: Bool,
        at now: CoarseTime, pool: inout ChunkPool
    ) {
        for room in growth.rooms { trim(room, hub, connections, at: now, pool: &pool) }
        let kept = isStored ? 0 : limits.roomLogBytes / Limits.idleLogShare
        var rooms = warm.take()
        rooms.removeAll { room in
            if !self[room].log.isEmpty {
                let idleSince = self[room].log.changed
                guard idleSince.advanced(byMilliseconds: Limits.idleRoom) < now,
                    hub.headCount(of: room) == hub.memberCount(of: room)
                else { return false }
                self[room].log.trim(to: kept, pool: &pool)
                // As long as it holds something, the budget must find it.
                guard self[room].log.isEmpty else { return false }
            }
            self[room].isWarm = false
            return true
        }
        warm.keep(rooms, dueAt: Self.nextCooling(after: now))
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
            self[room].log.prepend(batch, at: now, budget: limits.roomLogBytes, pool: pool)
        else { return false }
        warmUp(room, at: now)
        return true
    }

    /// Gives a room's log back, unless a member that is behind still needs it.
    mutating func trimUnread(_ room: RoomID, _ hub: borrowing Hub, pool: inout ChunkPool) {
        guard hub.rooms[room.index] != nil, hub.headCount(of: room) == hub.memberCount(of: room)
        else { return }
        self[room].log.trim(to: 0, pool: &pool)
        growth.want(0, for: room)
    }
}
