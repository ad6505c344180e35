internal import Chat
internal import Reactor

extension Server where Net: ~Copyable {
    /// Puts the connection on the list of pending writes. One that waits for its socket to become
    /// writable is not on it: the poller says when.
    mutating func scheduleFlush(_ index: Int) {
        guard connections[index].flags.isDisjoint(with: [.flushes, .blocked, .ends]) else { return }
        connections[index].flags.insert(.flushes)
        flushing.append(index)
    }

    mutating func becameWritable(_ index: Int) {
        guard connections[index].flags.contains(.blocked) else { return }
        connections[index].flags.remove([.blocked, .postponed])
        blockedCount -= 1
        scheduleFlush(index)
    }

    /// Writes what waits, one call a connection. One that is behind, and whose ring has room again,
    /// is put on the list of those that are to be fed.
    mutating func flush() {
        var place = 0
        while place < flushing.count {
            let index = flushing[place]
            place += 1
            connections[index].flags.remove(.flushes)
            guard !connections[index].flags.contains(.ends) else { continue }
            flush(index)
        }
        flushing.removeAll(keepingCapacity: true)
        guard !unfinished.isEmpty else { return }
        for index in unfinished { scheduleFlush(index) }
        unfinished.removeAll(keepingCapacity: true)
    }

    private mutating func flush(_ index: Int) {
        if !connections[index].outbound.isEmpty {
            switch send(index) {
            case .all:
                if connections[index].outbound.isEmpty, connections[index].isRegular { return }
            case .some, .wouldBlock: blocked(index)
            case .exhausted: postponed(index)
            case .broken: return end(index)
            }
        }
        drained(index)
    }

    private enum Sent {
        case all
        case some
        case wouldBlock
        case exhausted
        case broken
    }

    /// Offers what waits for a connection to the kernel, in one call.
    private mutating func send(_ index: Int) -> Sent {
        gather.removeAll()
        connections[index].outbound.fill(&gather, from: pool)
        switch network.send(gather, to: connections[index].socket) {
        case .sent(let count):
            metrics.bytesSent += UInt64(count)
            metrics.linesDelivered += UInt64(
                connections[index].outbound.sent(count, pool: &pool))
            connections[index].progressed = coarseNow
            return count < gather.byteCount ? .some : .all
        case .wouldBlock: return .wouldBlock
        case .exhausted: return .exhausted
        case .broken: return .broken
        }
    }

    /// Bytes were sent, or could not be, and the connection is not simply idle now.
    private mutating func drained(_ index: Int) {
        releaseInput(index)
        if connections[index].flags.contains(.behind) { scheduleFeed(index) }
        if connections[index].outbound.isEmpty {
            if connections[index].flags.contains(.endsWhenFlushed) { flushedLastWords(index) }
            if !connections[index].flags.contains(.ends) { updateInterest(index) }
        } else if connections[index].flags.isDisjoint(with: [.blocked, .ends]) {
            unfinished.append(index)
        }
    }

    /// The kernel refused bytes: wait until the socket is writable.
    mutating func blocked(_ index: Int) {
        guard !connections[index].flags.contains(.blocked) else { return }
        connections[index].flags.insert(.blocked)
        blockedCount += 1
        updateInterest(index)
        schedule(index)
    }

    /// The kernel has no memory for more now, though the socket may say that it is writable: try
    /// again with the next step of the coarse clock.
    mutating func postponed(_ index: Int) {
        connections[index].flags.insert(.postponed)
        blocked(index)
        wheel.schedule(index, at: coarseNow)
    }

    /// Queues the bytes of `scratch` for one connection.
    mutating func enqueueScratch(_ index: Int, lane: OutboundRing.Lane) {
        let chunk = pool.make(scratch)
        enqueue(index, chunk, lane: lane)
        pool.release(chunk)
    }

    mutating func enqueue(_ index: Int, _ chunk: ChunkID, lane: OutboundRing.Lane) {
        if connections[index].outbound.isEmpty { connections[index].progressed = coarseNow }
        connections[index].outbound.append(chunk, to: lane, of: &pool)
        scheduleFlush(index)
    }
}
