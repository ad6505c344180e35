internal import Chat
internal import Reactor
internal import WebSocket

/// Feeds members that are behind as their rings drain: from the logs of their rooms or, if they
/// were promised that, from the store. This comes after the fan-out and the flush of a tick and has
/// its own share of it, so it doesn't affect members that keep up.
struct Feeder {
    /// Connections that are behind and may take more.
    private var feeding: [Int] = []
    /// Changed only by the extension that hands out pages.
    var pages: [ArrivedPage] = []
    /// Bytes that were encoded in this tick.
    private var encoded = 0
    /// How often a client was told of lines that it has missed.
    private(set) var gaps: UInt64 = 0

    /// Whether there is work to do.
    var isPending: Bool { !feeding.isEmpty || !pages.isEmpty }
    /// The number of listed connections.
    var listed: Int { feeding.count }
    var arrivedPages: Int { pages.count }

    /// Lists a connection for feeding.
    mutating func schedule(_ index: Int, in connections: inout Connections) {
        if connections.claimFeed(index) { feeding.append(index) }
    }

    /// A page has arrived. It holds references to its chunks. Its lines were encoded as `bytes`,
    /// which counts in this tick's share.
    mutating func arrived(_ page: ArrivedPage, encodedAs bytes: Int) {
        pages.append(page)
        encoded += bytes
    }

    /// Feeds the listed connections in turn, until this tick's share is used up. The lines go out
    /// in the next tick.
    mutating func feed(
        _ hub: inout Hub, _ streams: inout RoomStreams, _ history: inout History,
        _ connections: inout Connections, _ outbox: inout Outbox, at now: CoarseTime
    ) {
        // Something is left of it, or pages would pile up.
        var share = max(Limits.feedBytesPerTick - encoded, Limits.feedBytesPerTick / 4)
        encoded = 0
        handOutPages(&share, &hub, &streams, &connections, &outbox, at: now)
        var place = 0
        while place < feeding.count, share > 0 {
            let index = feeding[place]
            place += 1
            guard connections.beginFeed(index) else { continue }
            feed(index, &share, &hub, streams, &history, &connections, &outbox, at: now)
        }
        if place == feeding.count {
            feeding.removeAll(keepingCapacity: true)
        } else {
            feeding.removeSubrange(..<place)
        }
    }

    /// Feeds a connection whose ring has drained below the low watermark, until it is above the
    /// high one: a batch of each room in turn.
    private mutating func feed(
        _ index: Int, _ share: inout Int, _ hub: inout Hub, _ streams: borrowing RoomStreams,
        _ history: inout History, _ connections: inout Connections, _ outbox: inout Outbox,
        at now: CoarseTime
    ) {
        let low = connections.limits.lowWatermark
        guard Int(connections[index].outbound.lineBytes) < low else { return }
        var hasProgressed = true
        while hasProgressed, share > 0, Self.mayTakeMore(index, connections) {
            hasProgressed = false
            var next = hub.firstMembership(of: MemberID(index: index))
            while let id = next, Self.mayTakeMore(index, connections) {
                next = hub.nextMembership(after: id)
                guard hub.isBehind(id) else { continue }
                let before = connections[index].outbound.lineBytes
                if feedOne(
                    index, id, &hub, streams, &history, &connections, &outbox, at: now)
                {
                    hasProgressed = true
                }
                share -= Int(connections[index].outbound.lineBytes) - Int(before)
            }
            // Its turn comes first next time.
            if let next { hub.beginWith(next) }
        }
        // The share has ended, not the lines.
        if hasProgressed, share <= 0, Self.mayTakeMore(index, connections),
            hub.isBehind(MemberID(index: index))
        {
            schedule(index, in: &connections)
        }
    }

    static func mayTakeMore(_ index: Int, _ connections: borrowing Connections) -> Bool {
        connections[index].isInChat && connections.isServed(index)
            && !connections[index].isAnswering
            && Int(connections[index].outbound.lineBytes) <= connections.limits.highWatermark
    }

    /// Gives a member the next batch of its room. Returns whether it made progress.
    private mutating func feedOne(
        _ index: Int, _ id: MembershipID, _ hub: inout Hub, _ streams: borrowing RoomStreams,
        _ history: inout History, _ connections: inout Connections, _ outbox: inout Outbox,
        at now: CoarseTime
    ) -> Bool {
        let membership = hub.membership(id)
        let room = membership.room
        let next = membership.cursor + 1
        let last = streams.sealedSeq(of: room, last: hub.lastSeq(of: room))
        if membership.takesChanges,
            tellChange(index, id, &hub, streams, &connections, &outbox, now)
        {
            if membership.cursor == last { hub.fed(id, upTo: last, head: last) }
        } else if let batch = streams[room].log.batch(covering: next) {
            // A pending read of the store is no longer needed.
            if membership.isReading {
                hub.reads(id, false)
                gaveUp(index, id, hub, &history, connections)
            }
            if connections[index].isEventStream {
                enqueueEvents(
                    of: batch, from: next, in: room, for: index, hub, streams, &connections,
                    &outbox, now)
            } else {
                enqueue(
                    batch, from: next, of: hub.name(of: room), for: index,
                    marked: membership.takesChanges, &connections, &outbox, now)
            }
            hub.fed(id, upTo: batch.lastSeq, head: last)
        } else if membership.isReading {
            return false
        } else if membership.cursor == last {
            hub.fed(id, upTo: last, head: last)
            // A change that comes after lines which aren't here yet is told with them.
            guard !hub.isBehind(id) else { return false }
        } else if membership.isReplaying {
            hub.reads(id, true)
            history.read(
                ReadQueue.Key(room: hub.name(of: room), from: next),
                through: streams.pageEnd(from: next, of: room, hub),
                for: .member(connections.token(at: index)))
            return false
        } else {
            let oldest = streams[room].log.firstSeq ?? last + 1
            precondition(next < oldest, "a room's log has a hole")
            let place = StreamPlaces.id(
                oldest - 1, membership.rev, in: room, for: index, hub, streams, connections)
            guard
                tellMissed(
                    index, hub.name(of: room), next...oldest - 1, at: place, &connections, &outbox,
                    now)
            else { return false }
            hub.fed(id, upTo: oldest - 1, head: last)
        }
        if !hub.isBehind(id) {
            PresenceNews.reachedHead(id, of: index, &hub, &connections, &outbox, at: now)
        }
        return true
    }

    /// A member doesn't wait for lines of the store any more.
    func gaveUp(
        _ index: Int, _ id: MembershipID, _ hub: borrowing Hub, _ history: inout History,
        _ connections: borrowing Connections
    ) {
        let membership = hub.membership(id)
        let key = ReadQueue.Key(
            room: hub.name(of: membership.room), from: membership.cursor + 1)
        history.gaveUp(key, .member(connections.token(at: index)))
    }

    /// Queues the lines of a batch from `seq` on.
    private func enqueue(
        _ batch: SealedBatch, from seq: UInt64, of room: RoomName, for index: Int,
        marked isMarked: Bool, _ connections: inout Connections, _ outbox: inout Outbox,
        _ now: CoarseTime
    ) {
        let chunk = batch.chunks[connections[index].encoding, marked: isMarked]
        let reference = batch.chunks[.plain, marked: isMarked]
        // All its lines may have been deleted.
        guard outbox.pool.length(chunk) > 0 else { return }
        guard batch.firstSeq < seq else {
            return outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
        }
        let plain = outbox.pool.bytes(of: reference)
        let (frames, lines) = Frames.count(before: seq, in: plain, room: room)
        let bytes = chunk == reference ? plain : outbox.pool.bytes(of: chunk)
        let rest = Frames.dropFirst(frames, of: bytes)
        guard !rest.isEmpty else { return }
        let part = outbox.pool.make(Array(rest), lines: outbox.pool.lines(chunk) - lines)
        outbox.enqueue(part, for: index, lane: .lines, in: &connections, at: now)
        outbox.pool.release(part)
    }

    /// A client is told of lines that it misses.
    mutating func countGap() { gaps += 1 }

    /// The next lines for a member aren't available: tells it which. A client of the plain dialect
    /// can't be told, and is closed. Returns whether it was told. `place` is the id of the event in
    /// an event stream.
    mutating func tellMissed(
        _ index: Int, _ room: RoomName, _ seqs: ClosedRange<UInt64>, at place: [UInt8]?,
        _ connections: inout Connections, _ outbox: inout Outbox, _ now: CoarseTime
    ) -> Bool {
        guard connections[index].isRich else {
            connections.part(index, .laggard("You fell behind what the room keeps in memory."))
            return false
        }
        countGap()
        outbox.enqueueEvent(
            for: index, lane: .lines, in: &connections, at: now, id: place
        ) { event in
            EventWriter.gap(
                room: room, from: seqs.lowerBound, to: seqs.upperBound,
                missed: UInt64(seqs.count), into: &event)
        }
        return true
    }
}
