internal import Reactor

/// The waiting bytes of connections, and their ends.
extension Connections {
    /// Whether a client reads its lines: the kernel took bytes for it lately, or nothing waits.
    func isReading(_ index: Int, at now: CoarseTime) -> Bool {
        isServed(index) && table[index].isInChat
            && (table[index].outbound.isEmpty
                || table[index].progressed.advanced(byMilliseconds: Limits.readingPatience) >= now)
    }

    /// Whether the connection must be put on the list of pending writes. A connection that waits
    /// until its socket is writable isn't, because the poller reports it.
    @inline(__always)
    mutating func claimFlush(_ index: Int) -> Bool {
        guard table[index].flags.isDisjoint(with: [.flushes, .blocked, .ends, .fails]) else {
            return false
        }
        table[index].flags.insert(.flushes)
        return true
    }

    /// Its turn in the list of pending writes has come. False if there is nothing to do.
    @inline(__always)
    mutating func beginFlush(_ index: Int) -> Bool {
        table[index].flags.remove(.flushes)
        return isServed(index)
    }

    /// Whether the connection must be put on the list of those that are fed.
    mutating func claimFeed(_ index: Int) -> Bool {
        guard table[index].flags.isDisjoint(with: [.feeds, .ends, .fails]) else { return false }
        table[index].flags.insert(.feeds)
        return true
    }

    /// Its turn in the list of those that are fed has come. False if there is nothing to do. The
    /// slot may have been reused; the new owner has its own entry.
    mutating func beginFeed(_ index: Int) -> Bool {
        guard table[index].flags.remove(.feeds) != nil else { return false }
        return isServed(index) && !table[index].flags.contains(.blocked)
    }

    /// The kernel refused bytes, so the connection waits until its socket is writable.
    mutating func becameBlocked<Net: Network & ~Copyable>(
        _ index: Int, over network: inout Net
    ) {
        guard claimBlocked(index) else { return }
        watch(index, over: &network)
        schedule(index)
    }

    /// The kernel has no memory for more bytes, even if the socket is writable. The connection
    /// tries again at the next step of the coarse clock.
    mutating func postpone<Net: Network & ~Copyable>(
        _ index: Int, over network: inout Net, at now: CoarseTime
    ) {
        table[index].flags.insert(.postponed)
        _ = claimBlocked(index)
        watch(index, over: &network)
        wheel.schedule(index, at: now.advanced(byMilliseconds: 0))
    }

    /// Registers the connection's interest, if it has changed.
    mutating func watch<Net: Network & ~Copyable>(_ index: Int, over network: inout Net) {
        var interest: Interest = []
        let flags = table[index].flags
        if flags.isDisjoint(with: [.held, .throttled, .peerEnded]) { interest.insert(.readable) }
        if flags.contains(.blocked), !flags.contains(.postponed) { interest.insert(.writable) }
        guard interest != table[index].interest, !flags.contains(.ends) else { return }
        do throws(SystemError) {
            try network.change(
                table[index].socket, token: table.token(at: index), interest: interest)
            table[index].interest = interest
        } catch {
            part(index, .broken)
        }
    }

    /// The connection ends when all waiting bytes are sent.
    mutating func endWhenFlushed(_ index: Int) { table[index].flags.insert(.endsWhenFlushed) }

    /// All bytes are sent. Shuts down our half and waits for the peer to see it. Closing while the
    /// peer's bytes are unread would reset the connection, and the peer could lose our last bytes.
    mutating func flushedLastWords<Net: Network & ~Copyable>(
        _ index: Int, over network: inout Net, at now: CoarseTime
    ) {
        table[index].flags.remove(.endsWhenFlushed)
        guard !table[index].flags.contains(.peerEnded) else { return end(index) }
        network.shutdownWriting(table[index].socket)
        table[index].flags.remove([.held, .throttled])
        linger(index, at: now)
        watch(index, over: &network)
    }
}
