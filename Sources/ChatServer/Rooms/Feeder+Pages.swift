internal import Chat
internal import Reactor

/// Pages from the store, for the members that wait for them.
extension Feeder {
    mutating func handOutPages(
        _ share: inout Int, _ hub: inout Hub, _ streams: inout RoomStreams,
        _ connections: inout Connections, _ outbox: inout Outbox, at now: CoarseTime
    ) {
        while share > 0, let page = pages.first {
            var place = 0
            while share > 0, place < page.members.count {
                handOut(
                    page, to: page.members[place], &share, &hub, streams, &connections, &outbox,
                    at: now)
                place += 1
            }
            pages[0].members.removeSubrange(..<place)
            guard pages[0].members.isEmpty else { return }
            pages.removeFirst()
            Self.keepInLog(page, hub, &streams, &outbox, at: now)
        }
    }

    /// The membership of a connection that still waits for lines. Nil if it doesn't.
    static func awaiting(
        _ key: ReadQueue.Key, _ token: Token, _ hub: borrowing Hub,
        _ connections: borrowing Connections
    ) -> MembershipID? {
        guard connections.contains(token), connections[token.index].isInChat,
            let room = hub.room(named: key.room),
            let id = hub.membership(of: MemberID(index: token.index), in: room),
            hub.membership(id).isReading, hub.membership(id).cursor + 1 == key.from
        else { return nil }
        return id
    }

    /// Gives a member the lines that it waits for, if it still does.
    private mutating func handOut(
        _ page: ArrivedPage, to token: Token, _ share: inout Int, _ hub: inout Hub,
        _ streams: borrowing RoomStreams, _ connections: inout Connections,
        _ outbox: inout Outbox, at now: CoarseTime
    ) {
        let index = token.index
        guard let id = Self.awaiting(page.key, token, hub, connections) else { return }
        let room = hub.membership(id).room
        hub.reads(id, false)
        // Pages of its other rooms may have filled its ring. It asks again when the ring has
        // drained.
        guard Self.mayTakeMore(index, connections) else { return }
        schedule(index, in: &connections)
        // Without stored lines only the log is left. Lines that aren't in it are missed.
        guard let through = page.through, page.key.from <= through else { return hub.gaveUp(id) }
        let first = page.first ?? through + 1
        if page.key.from < first {
            let missed = page.key.from...first - 1
            let place = StreamPlaces.id(
                first - 1, hub.membership(id).rev, in: room, for: index, hub, streams, connections)
            guard
                tellMissed(index, page.key.room, missed, at: place, &connections, &outbox, now)
            else { return }
        }
        let chunk = page.batch.map {
            $0.chunks[connections[index].encoding, marked: hub.takesChanges(id)]
        }
        if let batch = page.batch, connections[index].isEventStream {
            share -= outbox.pool.length(batch.chunks.marked)
            enqueueEvents(
                of: batch, from: page.key.from, in: room, for: index, hub, streams, &connections,
                &outbox, now)
        } else if let chunk, outbox.pool.length(chunk) > 0 {
            share -= outbox.pool.length(chunk)
            outbox.enqueue(chunk, for: index, lane: .lines, in: &connections, at: now)
        }
        let last = streams.sealedSeq(of: room, last: hub.lastSeq(of: room))
        hub.fed(id, upTo: through, head: last)
        if !hub.isBehind(id) {
            PresenceNews.reachedHead(id, of: index, &hub, &connections, &outbox, at: now)
        }
    }

    /// Adds stored lines that end where a room's log begins to the log, because others will need
    /// them.
    private static func keepInLog(
        _ arrived: ArrivedPage, _ hub: borrowing Hub, _ streams: inout RoomStreams,
        _ outbox: inout Outbox, at now: CoarseTime
    ) {
        guard let batch = arrived.batch else { return }
        guard let room = hub.room(named: arrived.key.room),
            streams.prepend(
                batch, to: room, last: hub.lastSeq(of: room), at: now, pool: outbox.pool)
        else { return outbox.pool.release(batch.chunks) }
    }

    /// Another epoch has begun in a room: drops its pages. Those that wait for them read again.
    mutating func epochBegan(in room: RoomName, pool: inout ChunkPool) {
        for page in pages where page.key.room == room {
            if let batch = page.batch { pool.release(batch.chunks) }
        }
        pages.removeAll { $0.key.room == room }
    }

    /// Every chunk that a page refers to.
    var chunks: [ChunkID] {
        pages.compactMap(\.batch).flatMap(\.chunks.all)
    }

    /// Replaces chunks that pages refer to. The pages take their own references.
    mutating func replace(_ replacements: ChunkReplacements, pool: inout ChunkPool) {
        for place in pages.indices {
            guard let batch = pages[place].batch,
                let chunks = batch.chunks.replaced(by: replacements)
            else { continue }
            pool.retain(chunks)
            pool.release(batch.chunks)
            pages[place].batch = SealedBatch(
                chunks: chunks, firstSeq: batch.firstSeq, lastSeq: batch.lastSeq)
        }
    }
}
