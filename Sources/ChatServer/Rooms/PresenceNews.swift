internal import Chat
internal import Reactor
internal import WebSocket

/// Sends presence events to clients of the rich dialect. Changes are merged to at most one event
/// per second and room. It is encoded once, and sent only to members that don't know it yet. If a
/// crowd joins at once, each member gets one event a second, not one per newcomer. Other servers
/// are told as often.
struct PresenceNews {
    /// Rooms with news about their members. They are checked at intervals.
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

    /// Sends the news that is due, for a bounded number of rooms.
    mutating func tell(
        _ hub: inout Hub, _ streams: inout RoomStreams, _ history: borrowing History,
        _ connections: inout Connections, _ outbox: inout Outbox, at clock: Clock
    ) {
        let rooms = self.rooms.take()
        // The others come first the next time.
        var left = Array(rooms.dropFirst(Limits.newsAtOnce))
        for room in rooms.prefix(Limits.newsAtOnce)
        where !tell(room, &hub, &streams, history, &connections, &outbox, at: clock) {
            left.append(room)
        }
        self.rooms.keep(left, dueAt: clock.coarse.advanced(byMilliseconds: CoarseTime.step))
    }

    /// Sends a room's news if it is due. Returns whether the room has no news left.
    private func tell(
        _ room: RoomID, _ hub: inout Hub, _ streams: inout RoomStreams,
        _ history: borrowing History, _ connections: inout Connections, _ outbox: inout Outbox,
        at clock: Clock
    ) -> Bool {
        guard hub.rooms[room.index] != nil, hub.hasNews(room) else {
            streams[room].hasNews = false
            return true
        }
        guard hub.toldAt(room) + Hub.presencePeriod <= clock.now.milliseconds else { return false }
        streams[room].hasNews = false
        // If only members on other servers have changed, it tells nothing new, which costs little.
        if history.isShared { history.present(hub.ownPresence(of: room), in: hub.name(of: room)) }
        let before = hub.toldChanges(of: room)
        let changed = hub.takePresence(of: room, at: clock.now.milliseconds)
        let members = hub.seats(of: room)[..<hub.headCount(of: room)]
        // All members get the event, so that none misses a number.
        guard
            changed != nil
                || members.contains(where: {
                    hub.cameAmidChanges($0.membership, since: before)
                })
        else { return true }
        let presence =
            changed ?? hub.takeUnchangedPresence(of: room, at: clock.now.milliseconds)
        let frame = Self.frame(room, presence, hub, &outbox)
        let text =
            streams[room].streaming > 0 ? Self.text(room, presence, hub, &outbox) : ChunkID.none
        let cursor = streams.sealedSeq(of: room, last: hub.lastSeq(of: room))
        for seat in members {
            let isStream = connections[seat.member.index].isEventStream
            Self.tell(
                isStream ? text : frame, to: seat, cursor: cursor, since: before, &hub,
                &connections, &outbox, at: clock)
        }
        outbox.pool.release(frame)
        if text != .none { outbox.pool.release(text) }
        return true
    }

    /// Sends an event to a member that knows the changes up to `before`, or more.
    private static func tell(
        _ frame: ChunkID, to seat: Seat, cursor: UInt64, since before: UInt32, _ hub: inout Hub,
        _ connections: inout Connections, _ outbox: inout Outbox, at clock: Clock
    ) {
        let index = seat.member.index
        guard connections[index].isRich else { return }
        guard Int(connections[index].outbound.lineBytes) <= connections.limits.highWatermark else {
            // It gets the current count when it has caught up.
            return hub.fellBehind(seat.membership, cursor: cursor, knowing: before)
        }
        guard hub.toldPresence(seat.membership) else { return }
        outbox.enqueue(frame, for: index, lane: .lines, in: &connections, at: clock.coarse)
    }

    /// A member that was behind has reached the head. If it missed presence events, it gets the
    /// number of the last one and the number of members. It may ask for the names.
    static func reachedHead(
        _ membership: MembershipID, of index: Int, _ hub: inout Hub,
        _ connections: inout Connections, _ outbox: inout Outbox, at now: CoarseTime
    ) {
        guard connections[index].isRich, !hub.isAtRest(membership), hub.toldPresence(membership)
        else { return }
        let room = hub.room(of: membership)
        let (name, presence) = (hub.name(of: room), hub.missedPresence(of: room))
        outbox.enqueueEvent(for: index, lane: .lines, in: &connections, at: now) {
            EventWriter.presence(room: name, presence, into: &$0)
        }
    }

    /// The event in a frame. The caller owns the reference.
    private static func frame(
        _ room: RoomID, _ presence: Presence, _ hub: borrowing Hub, _ outbox: inout Outbox
    ) -> ChunkID {
        let name = hub.name(of: room)
        return outbox.frameEvent { EventWriter.presence(room: name, presence, into: &$0) }
    }

    /// The same for event streams. It has no id, because it has no place among the lines.
    private static func text(
        _ room: RoomID, _ presence: Presence, _ hub: borrowing Hub, _ outbox: inout Outbox
    ) -> ChunkID {
        let name = hub.name(of: room)
        return outbox.textEvent { EventWriter.presence(room: name, presence, into: &$0) }
    }
}
