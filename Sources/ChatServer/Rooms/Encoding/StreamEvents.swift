internal import Chat
internal import Reactor

/// Events of event streams that have places of their own: the first ones in a room, and changes.
enum StreamEvents {
    /// The first events of a room: that it is joined, and what the reader misses. They are queued
    /// before the reader enters its next room, so that no id has a place that it doesn't know.
    /// Returns whether it misses anything.
    ///
    /// - Parameters:
    ///   - place: where the reader goes on. Nil if it begins.
    ///   - recovered: whether it gets all lines since then.
    static func tellEntered(
        _ index: Int, _ id: MembershipID, from place: StreamPlace?, recovered: Bool?,
        _ hub: borrowing Hub, _ streams: borrowing RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, at now: CoarseTime
    ) -> Bool {
        let membership = hub.membership(id)
        let found = hub.room(membership.room)
        guard let epoch = found.epoch else { preconditionFailure("a joined room is open") }
        let (name, settings) = (hub.name(of: membership.room), hub.settings(of: membership.room))
        let members = hub.totalCount(of: membership.room)
        let isBehind = hub.isBehind(id)
        let seq = isBehind ? membership.cursor : found.lastSeq
        let rev = isBehind ? membership.rev : found.lastRev
        let here = StreamPlaces.id(
            seq, rev, in: membership.room, for: index, hub, streams, connections)
        // Changes of another epoch have other numbers.
        let isMoved = hub.isShared && place?.epoch != epoch && found.lastRev > 0
        let missesChanges = recovered == true && (place?.rev != rev || isMoved)
        let missesAny = recovered == false || missesChanges
        outbox.enqueueEvent(
            for: index, lane: .lines, in: &connections, at: now, id: missesAny ? nil : here
        ) { event in
            EventWriter.joined(
                id: nil, room: name, epoch: epoch, seq: found.lastSeq, rev: found.lastRev,
                members: members, recovered: recovered, settings: settings, into: &event)
        }
        guard missesAny, let place else { return false }
        outbox.enqueueEvent(
            for: index, lane: .lines, in: &connections, at: now, id: missesChanges ? nil : here
        ) { event in
            if missesChanges {
                EventWriter.gap(room: name, rev: rev, into: &event)
            } else if place.epoch == epoch, place.seq < seq {
                EventWriter.gap(
                    room: name, from: place.seq + 1, to: seq, missed: seq - place.seq, into: &event)
            } else {
                EventWriter.gap(room: name, epoch: epoch, seq: seq, into: &event)
            }
        }
        if missesChanges {
            outbox.enqueueEvent(
                for: index, lane: .lines, in: &connections, at: now, id: here
            ) { EventWriter.room(name, rev: rev, settings, into: &$0) }
        }
        return true
    }

    /// The events of a change for event streams of one room. The caller has the references. None if
    /// the room has no such members.
    static func texts(
        of events: [[UInt8]], _ rev: UInt64, in room: RoomID, _ hub: borrowing Hub,
        _ streams: borrowing RoomStreams, _ outbox: inout Outbox
    ) -> [ChunkID] {
        guard streams[room].streaming > 0, let epoch = hub.room(room).epoch else { return [] }
        var id: [UInt8] = []
        StreamPlace(room: hub.name(of: room), epoch: epoch, seq: hub.lastSeq(of: room), rev: rev)
            .append(to: &id)
        var texts: [ChunkID] = []
        for (place, event) in events.enumerated() {
            // A reader has the change when it has its last event.
            let isLast = place == events.count - 1
            texts.append(outbox.textEvent(id: isLast ? id : nil) { $0 += event })
        }
        return texts
    }

    /// Queues the events of a change for a member: in frames, or as such texts.
    static func enqueue(
        _ frames: [ChunkID], _ texts: [ChunkID], in room: RoomID, for index: Int,
        _ hub: borrowing Hub,
        _ streams: borrowing RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, at now: CoarseTime
    ) {
        let isStream = connections[index].isEventStream
        let others = StreamPlaces.others(besides: room, of: index, hub, streams, connections)
        guard !others.isEmpty, let epoch = hub.room(room).epoch else {
            for chunk in isStream ? texts : frames {
                outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
            }
            return
        }
        let encoder = EventEncoder(room: hub.name(of: room), epoch: epoch)
        for text in texts {
            let own = encoder.rest(of: outbox.pool.bytes(of: text), from: 0, others: others)
            outbox.enqueueBytes(for: index, lane: .lines, in: &connections, at: now) {
                $0 += own.text
            }
        }
    }
}
