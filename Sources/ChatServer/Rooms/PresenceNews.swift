internal import Chat
internal import Reactor
internal import WebSocket

/// Who is there, told to clients of the rich dialect: merged to at most one event a second and
/// room, encoded once, and sent only to members that don't know it yet. So a crowd that comes at
/// once costs each member a line a second, not a line a head.
struct PresenceNews {
    /// Rooms with news of who is there: now and then it is seen which of them may be told.
    private(set) var rooms = RoomList()

    /// A room's members may have changed.
    @inline(__always)
    mutating func notice(
        _ room: RoomID, _ hub: borrowing Hub, _ streams: inout RoomStreams, at now: CoarseTime
    ) {
        guard !streams[room].hasNews, hub.hasNews(room) else { return }
        streams[room].hasNews = true
        rooms.add(room, dueAt: now.advanced(byMilliseconds: CoarseTime.step))
    }

    /// Tells what is due, of a bounded number of rooms.
    mutating func tell(
        _ hub: inout Hub, _ streams: inout RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, at clock: Clock
    ) {
        let rooms = self.rooms.take()
        // The others come first the next time.
        var left = Array(rooms.dropFirst(Limits.newsAtOnce))
        for room in rooms.prefix(Limits.newsAtOnce)
        where !tell(room, &hub, &streams, &connections, &outbox, at: clock) {
            left.append(room)
        }
        self.rooms.keep(left, dueAt: clock.coarse.advanced(byMilliseconds: CoarseTime.step))
    }

    /// Whether nothing of this room is left to be told.
    private func tell(
        _ room: RoomID, _ hub: inout Hub, _ streams: inout RoomStreams,
        _ connections: inout Connections, _ outbox: inout Outbox, at clock: Clock
    ) -> Bool {
        guard hub.rooms[room.index] != nil, hub.hasNews(room) else {
            streams[room].hasNews = false
            return true
        }
        guard hub.toldAt(room) + Hub.presencePeriod <= clock.now.milliseconds else { return false }
        streams[room].hasNews = false
        let before = hub.toldChanges(of: room)
        let changed = hub.takePresence(of: room, at: clock.now.milliseconds)
        let members = hub.seats(of: room)[..<hub.headCount(of: room)]
        // All are told, so that nobody misses a number.
        guard
            changed != nil
                || members.contains(where: {
                    hub.cameAmidChanges($0.membership, since: before)
                })
        else { return true }
        let presence =
            changed ?? hub.takeUnchangedPresence(of: room, at: clock.now.milliseconds)
        let frame = Self.frame(room, presence, hub, &outbox)
        let cursor = streams.sealedSeq(of: room, last: hub.lastSeq(of: room))
        for seat in members {
            Self.tell(frame, to: seat, cursor: cursor, &hub, &connections, &outbox, at: clock)
        }
        outbox.pool.release(frame)
        return true
    }

    private static func tell(
        _ frame: ChunkID, to seat: Seat, cursor: UInt64, _ hub: inout Hub,
        _ connections: inout Connections, _ outbox: inout Outbox, at clock: Clock
    ) {
        let index = seat.member.index
        guard connections[index].isRich else { return }
        guard Int(connections[index].outbound.lineBytes) <= connections.limits.highWatermark else {
            // It is told how things are when it has caught up.
            return hub.fellBehind(seat.membership, cursor: cursor)
        }
        guard hub.toldPresence(seat.membership) else { return }
        outbox.enqueue(frame, for: index, lane: .lines, in: &connections, at: clock.coarse)
    }

    /// A member that was behind takes lines as they come again. If it missed events of presence
    /// meanwhile, it is told the number of the last one and how many members there are now. It may
    /// ask for the members.
    static func reachedHead(
        _ membership: MembershipID, of index: Int, _ hub: inout Hub,
        _ connections: inout Connections, _ outbox: inout Outbox, at now: CoarseTime
    ) {
        guard connections[index].isRich, hub.toldPresence(membership) else { return }
        let room = hub.room(of: membership)
        let frame = frame(room, hub.missedPresence(of: room), hub, &outbox)
        outbox.enqueue(frame, for: index, lane: .lines, in: &connections, at: now)
        outbox.pool.release(frame)
    }

    /// The event in a frame; the caller has its reference.
    private static func frame(
        _ room: RoomID, _ presence: Presence, _ hub: borrowing Hub, _ outbox: inout Outbox
    ) -> ChunkID {
        let name = hub.name(of: room)
        return outbox.frameEvent { EventWriter.presence(room: name, presence, into: &$0) }
    }
}
