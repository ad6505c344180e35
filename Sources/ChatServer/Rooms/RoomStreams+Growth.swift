internal import Chat
internal import Reactor

/// Logs grow for members that are behind and keep reading, and shrink when they have caught up.
extension RoomStreams {
    /// Whether a log has more than its room may keep.
    @inline(__always)
    func isOverfull(_ room: RoomID) -> Bool {
        self[room].log.bytes > logBytes + growth.grant(of: room)
    }

    /// Drops the lines of a log above the limit for every room. Lines that a reading member still
    /// needs stay, as far as ``LogGrowth`` grants bytes for them. It is asked for a quarter of the
    /// limit more, so that a flood doesn't check the members with each batch.
    @inline(never)
    mutating func trim(
        _ room: RoomID, _ hub: borrowing Hub, _ connections: borrowing Connections,
        at now: CoarseTime, pool: inout ChunkPool
    ) {
        let kept = logBytes
        // Nearly always nobody is behind, and a busy room comes here with each batch.
        if growth.grant(of: room) == 0, hub.areAllAtHead(in: room) {
            return self[room].log.trim(to: kept, pool: &pool)
        }
        let needed = firstNeeded(in: room, hub, connections, at: now)
        self[room].log.trim(to: kept, keepingFrom: needed, pool: &pool)
        let more = self[room].log.bytes - kept
        growth.want(more > 0 ? more + kept / 4 : 0, for: room)
        self[room].log.trim(to: kept + growth.grant(of: room), pool: &pool)
    }

    /// The first line of a log that is needed by a member that is behind and keeps reading. The
    /// largest number if there is no such member. A member that gets earlier lines from the store
    /// doesn't count.
    private func firstNeeded(
        in room: RoomID, _ hub: borrowing Hub, _ connections: borrowing Connections,
        at now: CoarseTime
    ) -> UInt64 {
        guard let start = self[room].log.firstSeq else { return .max }
        var first = UInt64.max
        let seats = hub.seats(of: room)
        for seat in seats[hub.headCount(of: room)...]
        where connections.isReading(seat.member.index, at: now) {
            let next = hub.membership(seat.membership).cursor + 1
            if next >= start { first = min(first, next) }
        }
        return first
    }

    /// Gives back what logs were granted.
    mutating func trimGrown(pool: inout ChunkPool) {
        for room in growth.rooms { shrink(room, to: logBytes, pool: &pool) }
    }

    /// Trims a log to at most what every room may keep, so it needs no grant.
    mutating func shrink(_ room: RoomID, to bytes: Int, pool: inout ChunkPool) {
        self[room].log.trim(to: bytes, pool: &pool)
        growth.want(0, for: room)
    }
}
