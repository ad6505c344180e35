internal import Chat
internal import Reactor
internal import WebSocket

/// Members that come and go, and lines that go out to them: work for the hub, the streams and the
/// outbox together.
extension Server where Net: ~Copyable {
    // MARK: Members

    /// A client of the plain dialect enters its room.
    mutating func enterRoom(_ index: Int, _ name: RoomName) {
        let member = MemberID(index: index)
        guard let room = hub.room(named: name) else {
            history.follow(name)
            let room = hub.entered(member, room: name)
            noteName(index, in: room)
            return settled(index, in: room)
        }
        seal(room)
        hub.entered(member, in: room)
        noteName(index, in: room)
        settled(index, in: room)
    }

    /// A connection has a seat in a room.
    mutating func settled(_ index: Int, in room: RoomID) {
        streams.entered(room, taking: connections[index].encoding)
        // Changes from before its first member aren't kept.
        let rev = hub.lastRev(of: room)
        if streams[room].changes.last < rev, history.isInPlace {
            streams[room].changes = RoomChanges(after: rev)
        }
        if let id = hub.membership(of: MemberID(index: index), in: room) {
            hub.arrived(id, at: clock.now.milliseconds)
            recognise(index, as: id)
        }
        if connectionLog.isDebug { connectionLog.entered(index, hub.name(of: room)) }
        if supervision.tellsMembers { tellObserver(index, in: room, isThere: true) }
        noticePresence(of: room)
    }

    /// A client with a token may have been in its room before.
    @inline(__always)
    mutating func recognise(_ index: Int, as id: MembershipID) {
        guard connections[index].flags.contains(.identified), let user = identities.sub(index)
        else { return }
        hub.isKnown(user, as: id)
    }

    /// A room has its settings. If it asks since when its users have been there, they are
    /// recognised when they come again.
    mutating func recogniseMembers(of room: RoomID) {
        guard hub.asksForArrivals(room) else { return }
        for seat in hub.seats(of: room) { recognise(seat.member.index, as: seat.membership) }
    }

    /// A client leaves all its rooms. Logs of rooms that vanish are freed.
    mutating func leaveRooms(_ index: Int) {
        let member = MemberID(index: index)
        while let membership = hub.firstMembership(of: member) { leaveRoom(index, membership) }
        hub.gone(member)
    }

    mutating func leaveRoom(_ index: Int, _ membership: MembershipID) {
        let room = hub.room(of: membership)
        seal(room)
        if supervision.tellsMembers { tellObserver(index, in: room, isThere: false) }
        if identities.names.isOn { identities.names.left(membership) }
        if hub.isReading(membership) {
            feeder.gaveUp(index, membership, hub, &history, connections)
        }
        streams.left(room, taking: connections[index].encoding)
        let name = hub.name(of: room)
        if connectionLog.isDebug { connectionLog.left(index, name) }
        guard hub.left(membership) == nil else {
            history.unfollow(name)
            tellEarlyChanges(in: name)
            return streams.vanished(room, pool: &outbox.pool)
        }
        noticePresence(of: room)
    }

    /// The members of a room may have changed.
    @inline(__always)
    mutating func noticePresence(of room: RoomID) {
        presence.notice(room, hub, &streams, at: clock.coarse)
    }

    // MARK: Lines

    /// A line has its number. It goes out with the room's batch of this tick.
    mutating func publish(
        _ seq: UInt64, in room: RoomID, at time: Timestamp, _ username: String, _ message: String,
        by author: Author
    ) {
        if hub.isShared { hub.heard(of: author, in: room, at: clock.now.milliseconds) }
        let (username, message) = (username.utf8.span, message.utf8.span)
        publish(
            seq, in: room, at: time, username, message, by: author,
            arePlain: author.isGuest && EventWriter.isPlain(username)
                && EventWriter.isPlain(message))
    }

    /// The same. `arePlain` means that neither text needs an escape, and that the author is a
    /// guest.
    mutating func publish(
        _ seq: UInt64, in room: RoomID, at time: Timestamp, _ username: Span<UInt8>,
        _ message: Span<UInt8>, by author: Author? = nil, arePlain: Bool
    ) {
        let isFull = streams.append(
            seq, to: room, named: hub.name(of: room), at: clock.text(of: time), username, message,
            by: author, arePlain: arePlain)
        if isFull { seal(room) }
        if supervision.tellsLines, history.isInPlace {
            tellObserver(seq, in: room, username, message, by: author)
        }
    }

    /// Makes one chunk for each encoding of a room's lines since it was last sealed, hands it to
    /// the members at the head, and adds it to the room's log.
    mutating func seal(_ room: RoomID, sendsNow: Bool = false) {
        guard var batch = streams.seal(room, pool: &outbox.pool) else { return }
        let hasStreams = streams[room].streaming > 0
        if hasStreams { batch = withEvents(batch, of: room) }
        monitor.deliveries.sealed(batch)
        // After a single line, nothing would be held except the next one.
        let isTimed = batch.firstSeq < batch.lastSeq && RoomStreams.holdsBatches(load: clock.load)
        let start = isTimed ? clock.moment(network.now()) : nil
        FanOut.deliver(
            batch, in: room, hasStreams: hasStreams, sendsNow: sendsNow,
            isOnly: streams.openBatches == 1, hub: &hub, connections: &connections,
            outbox: &outbox, over: &network, at: clock.coarse)
        if hasStreams, streams[room].placing > 0 {
            FanOut.deliverPlaced(
                batch, in: room, hub: &hub, streams: &streams, connections: &connections,
                outbox: &outbox, at: clock.coarse)
        }
        if let start {
            streams.fannedOut(
                room, from: start, to: clock.moment(network.now()), load: clock.load,
                limits: limits)
        }
        // This comes after the fan-out, because a budget smaller than the chunks may free them.
        guard streams.keep(batch, of: room, at: clock.coarse, pool: outbox.pool) else { return }
        trim(room)
    }

    /// The batch with its events for event streams.
    @inline(never)
    mutating func withEvents(_ batch: SealedBatch, of room: RoomID) -> SealedBatch {
        streams.withEvents(
            batch, of: room, named: hub.name(of: room), hub.room(room).epoch, pool: &outbox.pool)
    }

    @inline(never)
    mutating func trim(_ room: RoomID) {
        streams.trim(room, hub, connections, at: clock.coarse, pool: &outbox.pool)
    }

    /// Seals the batches that aren't held, at the end of the tick. Members without other waiting
    /// bytes get theirs at once.
    mutating func sealBatches() {
        var held = 0
        for place in 0..<streams.openBatches {
            guard let room = streams.room(ofBatch: place) else { continue }
            if streams.isHeld(room, at: clock.now) {
                streams.move(batch: place, to: held)
                held += 1
            } else {
                seal(room, sendsNow: true)
            }
        }
        streams.closeBatches(from: held)
    }

    /// Seals all batches, including held ones.
    mutating func sealHeldBatches() {
        streams.release()
        sealBatches()
    }

    /// Until an answer to `history` is complete, lines for its client wait in the rooms' logs.
    mutating func holdLines(_ index: Int) {
        for id in hub.memberships(of: MemberID(index: index)) where !hub.isBehind(id) {
            let room = hub.room(of: id)
            hub.fellBehind(
                id, cursor: streams.sealedSeq(of: room, last: hub.lastSeq(of: room)))
        }
    }

    // MARK: Replies

    /// Queues an ack or error. If the client keeps up, it goes in order with the lines. If the
    /// client is slow, it overtakes the lines and counts as control.
    mutating func enqueueReply(_ index: Int, _ write: (inout [UInt8]) -> Void) {
        if connections[index].isAnswering { return keepReply(index, write) }
        // An event stream begins with its response, which nothing may overtake.
        let isSlow =
            !connections[index].isEventStream
            && (connections[index].flags.contains(.blocked)
                || Int(connections[index].outbound.lineBytes) >= limits.lowWatermark)
        enqueueEvent(index, lane: isSlow ? .control : .lines, write)
        checkControl(index)
    }

    /// Keeps a reply until an answer in pieces is complete.
    private mutating func keepReply(_ index: Int, _ write: (inout [UInt8]) -> Void) {
        let frame = outbox.frameEvent(write)
        let kept = connections.keepReply(index, outbox.pool.bytes(of: frame))
        outbox.pool.release(frame)
        if kept > limits.controlWatermark { closeUnread(index) }
    }

    /// Queues the event that `write` appends as a message for one connection.
    mutating func enqueueEvent(
        _ index: Int, lane: OutboundRing.Lane, _ write: (inout [UInt8]) -> Void
    ) {
        outbox.enqueueEvent(for: index, lane: lane, in: &connections, at: clock.coarse, write)
    }

    mutating func enqueue(_ index: Int, _ chunk: ChunkID, lane: OutboundRing.Lane) {
        outbox.enqueue(chunk, for: index, lane: lane, in: &connections, at: clock.coarse)
    }

    /// Sends a chunk of control at once if nothing else waits for the connection, which is the
    /// usual case. Otherwise queues it.
    mutating func sendControl(_ index: Int, _ chunk: ChunkID) {
        guard connections[index].isIdle else { return enqueue(index, chunk, lane: .control) }
        outbox.load(chunk)
        outbox.sendNow(
            to: index, lane: .control, in: &connections, over: &network, at: clock.coarse)
        // The chunk may be freed soon, and its number reused.
        if chunk != outbox.standing.ping { outbox.unload() }
    }

    /// Bounds unread replies.
    mutating func checkControl(_ index: Int) {
        guard connections[index].outbound.controlCost > limits.controlWatermark else { return }
        closeUnread(index)
    }

    private mutating func closeUnread(_ index: Int) {
        closeLaggard(index, "Replies to you wait unread; read them faster.")
    }
}
