internal import Chat
internal import Reactor
internal import WebSocket

/// Members that are behind: each is fed from its rooms' logs or, where it was promised that, from
/// the store, as its ring drains. All of this stands behind the fan-out and the flush of a tick and
/// has a share of it, so that whoever keeps up notices nothing of those who don't.
extension Server where Net: ~Copyable {
    /// Puts a connection on the list of those that are to be fed.
    mutating func scheduleFeed(_ index: Int) {
        guard connections[index].flags.isDisjoint(with: [.feeds, .ends]) else { return }
        connections[index].flags.insert(.feeds)
        feeding.append(index)
    }

    /// Feeds those on the list, in turn, until this tick's share is used up. What that brings goes
    /// out with the next tick.
    mutating func feedBehind() {
        var share = Limits.feedBytesPerTick
        handOutPages(&share)
        var place = 0
        while place < feeding.count, share > 0 {
            let index = feeding[place]
            place += 1
            // Its slot may be another one's by now, who isn't on the list or stands there too.
            guard connections[index].flags.contains(.feeds) else { continue }
            connections[index].flags.remove(.feeds)
            if connections[index].flags.isDisjoint(with: [.ends, .blocked]) {
                feed(index, &share)
            }
        }
        if place == feeding.count {
            feeding.removeAll(keepingCapacity: true)
        } else {
            feeding.removeSubrange(..<place)
        }
    }

    /// Feeds a connection once its ring has drained below the low watermark, until it is above the
    /// high one: a chunk of each room in turn.
    private mutating func feed(_ index: Int, _ share: inout Int) {
        guard Int(connections[index].outbound.lineBytes) < limits.lowWatermark else { return }
        var hasProgressed = true
        while hasProgressed, share > 0, mayTakeMore(index) {
            hasProgressed = false
            var next = hub.firstMembership(of: MemberID(index: index))
            while let id = next, mayTakeMore(index) {
                next = hub.nextMembership(after: id)
                guard hub.isBehind(id) else { continue }
                let before = connections[index].outbound.lineBytes
                if feedOne(index, id) { hasProgressed = true }
                share -= Int(connections[index].outbound.lineBytes) - Int(before)
            }
            // Its turn comes first the next time.
            if let next { hub.beginWith(next) }
        }
        if connections[index].phase == .open { updateBehind(index) }
        // The share ended, not the lines.
        if hasProgressed, share <= 0, mayTakeMore(index),
            connections[index].flags.contains(.behind)
        {
            scheduleFeed(index)
        }
    }

    private func mayTakeMore(_ index: Int) -> Bool {
        connections[index].phase == .open
            && Int(connections[index].outbound.lineBytes) <= limits.highWatermark
    }

    mutating func updateBehind(_ index: Int) {
        if hub.isBehind(MemberID(index: index)) {
            connections[index].flags.insert(.behind)
        } else {
            connections[index].flags.remove(.behind)
        }
    }

    /// Gives a member the next chunk of its room. Returns whether it got on.
    private mutating func feedOne(_ index: Int, _ id: MembershipID) -> Bool {
        let membership = hub.membership(id)
        let room = membership.room
        let next = membership.cursor + 1
        if let entry = roomLogs[room.index].entry(holding: next) {
            let deflates = connections[index].flags.contains(.deflates)
            let chunk = entry.lines.chunk(deflated: deflates)
            // What it may have asked the store for comes too late.
            if membership.isReading { hub.reads(id, false) }
            enqueueLines(index, chunk, skipping: Int(next - entry.firstSeq))
            fed(index, id, upTo: entry.lastSeq)
            return true
        }
        if membership.isReading { return false }
        let last = sealedSeq(of: room)
        if membership.cursor == last {
            fed(index, id, upTo: membership.cursor)
            return true
        }
        if membership.isReplaying {
            hub.reads(id, true)
            history?.read(
                History.ReadKey(room: hub.name(of: room), from: next), through: last,
                for: .member(connections.token(at: index)))
            return false
        }
        let oldest = roomLogs[room.index].firstSeq ?? last + 1
        precondition(next < oldest, "a room's log has a hole")
        return missed(index, id, next...oldest - 1)
    }

    private mutating func fed(_ index: Int, _ id: MembershipID, upTo seq: UInt64) {
        hub.fed(id, upTo: seq, head: sealedSeq(of: hub.room(of: id)))
        if !hub.isBehind(id) { reachedHead(index, id) }
    }

    /// Lines from a chunk on, but for the first few of it.
    private mutating func enqueueLines(_ index: Int, _ chunk: ChunkID, skipping count: Int) {
        guard count > 0 else { return enqueue(index, chunk, lane: .lines) }
        let bytes = pool.bytes(of: chunk)
        var frames = WrittenFrames()
        for _ in 0..<count { _ = frames.next(in: bytes.span) }
        let rest = pool.make(Array(bytes[frames.offset...]), lines: pool.lines(chunk) - count)
        enqueue(index, rest, lane: .lines)
        pool.release(rest)
    }

    /// Lines that a member should get next can't be had: it is told which. A client of the plain
    /// dialect can't be told.
    private mutating func missed(
        _ index: Int, _ id: MembershipID, _ lines: ClosedRange<UInt64>
    ) -> Bool {
        guard connections[index].flags.contains(.rich) else {
            closeLaggard(index, "You fell behind what the room keeps in memory.")
            return false
        }
        metrics.gaps += 1
        let name = hub.name(of: hub.room(of: id))
        enqueueEvent(index, lane: .lines) { event in
            EventWriter.gap(
                room: name, from: lines.lowerBound, to: lines.upperBound,
                missed: UInt64(lines.count), into: &event)
        }
        fed(index, id, upTo: lines.upperBound)
        return true
    }

    /// A page has come for everybody who wanted it; some of them may be gone.
    mutating func receivedPage(_ key: History.ReadKey, _ page: HistoryPage?) {
        guard let readers = history?.takeRead(key) else { return }
        if let page { hub.pruned(key.room, oldest: page.oldest) }
        var members: [Token] = []
        for reader in readers {
            switch reader {
            case .command(let token): answerHistory(token, page)
            case .member(let token): members.append(token)
            }
        }
        guard let room = hub.room(named: key.room), !members.isEmpty else { return }
        var lines: EncodedLines?
        if let page, !page.lines.isEmpty { lines = encode(page.lines, of: room) }
        arrivedPages.append(ArrivedPage(key: key, page: page, lines: lines, members: members))
    }

    private mutating func handOutPages(_ share: inout Int) {
        while share > 0, let page = arrivedPages.first {
            var place = 0
            while share > 0, place < page.members.count {
                handOut(page, to: page.members[place], &share)
                place += 1
            }
            arrivedPages[0].members.removeSubrange(..<place)
            guard arrivedPages[0].members.isEmpty else { return }
            arrivedPages.removeFirst()
            keepInLog(page)
        }
    }

    /// Gives a member the lines that it waited for, if it still does.
    private mutating func handOut(_ page: ArrivedPage, to token: Token, _ share: inout Int) {
        let index = token.index
        guard connections.contains(token), connections[index].phase == .open,
            let room = hub.room(named: page.key.room),
            let id = hub.membership(of: MemberID(index: index), in: room),
            hub.membership(id).isReading, hub.membership(id).cursor + 1 == page.key.from
        else { return }
        hub.reads(id, false)
        // Pages of its other rooms may have filled its ring: it asks again when that has drained.
        guard mayTakeMore(index) else { return }
        scheduleFeed(index)
        // Without lines the log is all there is, and what it lacks is missed.
        guard let lines = page.lines, let first = page.page?.lines.first,
            let last = page.page?.lines.last
        else { return hub.gaveUp(id) }
        let isWhole = first.seq == page.key.from
        guard isWhole || missed(index, id, page.key.from...first.seq - 1) else { return }
        let chunk = lines.chunk(deflated: connections[index].flags.contains(.deflates))
        share -= pool.length(chunk)
        enqueue(index, chunk, lane: .lines)
        fed(index, id, upTo: last.seq)
        updateBehind(index)
    }

    /// Lines of the store that end where a room's log begins go into it: others will want them.
    private mutating func keepInLog(_ arrived: ArrivedPage) {
        guard let lines = arrived.lines, let first = arrived.page?.lines.first,
            let last = arrived.page?.lines.last
        else { return }
        guard let room = hub.room(named: arrived.key.room),
            (roomLogs[room.index].firstSeq ?? sealedSeq(of: room) + 1) == last.seq + 1,
            roomLogs[room.index].prepend(
                lines, seqs: first.seq...last.seq, budget: limits.roomLogBytes, pool: pool)
        else { return pool.release(lines) }
        roomLogs[room.index].sealed = coarseNow
        warm(room)
    }
}
