internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// The connection is gone, or worth no more words: it ends with this tick.
    mutating func end(_ index: Int) {
        guard !connections[index].flags.contains(.ends) else { return }
        if connections[index].phase == .open { leaveChat(index, code: .abnormalClosure) }
        connections[index].flags.insert(.ends)
        ending.append(index)
    }

    /// Ends the connection when everything that waits for it has gone out.
    mutating func endWhenFlushed(_ index: Int) {
        connections[index].flags.insert(.endsWhenFlushed)
        scheduleFlush(index)
    }

    /// Everything has gone out: shut our half down and wait for the peer to see it, because closing
    /// while bytes of the peer are unread would reset the connection and take our last words away.
    mutating func flushedLastWords(_ index: Int) {
        connections[index].flags.remove(.endsWhenFlushed)
        guard !connections[index].flags.contains(.peerEnded) else { return end(index) }
        network.shutdownWriting(connections[index].socket)
        linger(index)
    }

    /// Nothing more is said or listened to; the peer has the close timeout to end.
    private mutating func linger(_ index: Int) {
        connections[index].phase = .lingering
        connections[index].since = coarseNow
        connections[index].flags.remove([.held, .throttled])
        connections[index].rare = nil
        updateInterest(index)
        schedule(index)
    }

    /// Leaves the chat, sends a Close behind everything that waits and waits for the peer's Close.
    /// Without a code the Close is empty, which only answers an empty one.
    mutating func close(_ index: Int, _ code: CloseCode?, _ reason: String) {
        guard isInChat(index) else { return }
        leaveChat(index, code: code ?? .noStatusReceived)
        sendClose(index, code, reason)
    }

    /// A client that is too slow: its lines are dropped, except the rest of a chunk that was begun.
    mutating func closeLaggard(_ index: Int, _ reason: String) {
        guard isInChat(index) else { return }
        metrics.laggards += 1
        leaveChat(index, code: .tryAgainLater)
        connections[index].outbound.dropUnbegunLines(pool: &pool)
        sendClose(index, .tryAgainLater, reason)
    }

    private func isInChat(_ index: Int) -> Bool {
        connections[index].phase == .open && !connections[index].flags.contains(.ends)
    }

    /// Comes after leaving the chat, which may queue lines: no frame may follow a Close (RFC 6455
    /// section 5.5.1).
    private mutating func sendClose(_ index: Int, _ code: CloseCode?, _ reason: String) {
        connections[index].session.sentClose()
        scratch.removeAll(keepingCapacity: true)
        FrameEncoder.appendClose(code, reason: reason, to: &scratch)
        enqueueScratch(index, lane: .lines)
        connections[index].phase = .closing
        connections[index].since = coarseNow
        schedule(index)
    }

    /// The peer broke the protocol: the code that the RFC names, and nothing of it is looked at any
    /// more (RFC 6455 section 7.1.7).
    mutating func fail(_ index: Int, _ violation: ProtocolViolation) {
        close(index, violation.closeCode, violation.reason)
        endWhenFlushed(index)
    }

    /// The client is out of the chat: exactly once for each that was in it.
    mutating func leaveChat(_ index: Int, code: CloseCode) {
        metrics.closes[code.rawValue, default: 0] += 1
        openSessions -= 1
        // A command of it may wait for the store: nobody wants its answer, and what is behind it,
        // such as the peer's Close, needs not wait.
        connections[index].rare?.waiting = nil
        connections[index].flags.remove(.awaits)
        leaveRooms(index)
    }

    /// Closes what has ended in this tick.
    mutating func endConnections() {
        for index in ending {
            wheel.cancel(index)
            if connections[index].flags.contains(.blocked) { blockedCount -= 1 }
            if connections[index].flags.contains(.refused) { refusing -= 1 }
            addresses.closed(index)
            var connection = connections.remove(at: index)
            let reset = !connection.outbound.isEmpty
            connection.outbound.removeAll(pool: &pool)
            if reset { network.abort(connection.socket) } else { network.close(connection.socket) }
            metrics.connectionsClosed += 1
        }
        ending.removeAll(keepingCapacity: true)
        // A descriptor is free again.
        if acceptAgain != nil { acceptAgain = coarseNow }
    }
}
