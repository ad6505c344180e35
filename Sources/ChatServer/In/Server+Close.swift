internal import Chat
internal import Reactor
internal import WebSocket

/// How connections leave, and the causes: deadlines, failures, and a full budget.
extension Server where Net: ~Copyable {
    /// The connection is gone, or nothing more is sent to it. It ends with this tick.
    mutating func end(_ index: Int) {
        guard !connections[index].flags.contains(.ends) else { return }
        if connections[index].isInChat { leaveChat(index, code: .abnormalClosure) }
        connections.end(index)
    }

    /// Ends the connection once all its waiting bytes have gone out.
    mutating func endWhenFlushed(_ index: Int) {
        connections.endWhenFlushed(index)
        outbox.scheduleFlush(index, in: &connections)
    }

    /// The bytes queued last end the connection. Bytes that the peer still sends are dropped.
    mutating func lastWords(_ index: Int) {
        connections.linger(index, at: clock.coarse)
        endWhenFlushed(index)
    }

    /// Leaves the chat, sends a Close after all waiting bytes, and waits for the peer's Close.
    /// Without a code the Close is empty, which only answers an empty one.
    mutating func close(_ index: Int, _ code: CloseCode?, _ reason: String) {
        guard isInChat(index) else { return }
        if connections[index].isAnswering { return cutOff(index, code ?? .noStatusReceived) }
        leaveChat(index, code: code ?? .noStatusReceived)
        if connections[index].isEventStream { return sendClosed(index, code ?? .normal, reason) }
        sendClose(index, code, reason)
    }

    /// Closes a client that is too slow. Its lines are dropped, except the rest of a chunk that was
    /// begun.
    mutating func closeLaggard(_ index: Int, _ reason: String) {
        guard isInChat(index) else { return }
        counts.laggardsClosed += 1
        // The reader of an event stream drops what it has of an event, and comes back.
        if connections[index].isAnswering || connections[index].isEventStream {
            return cutOff(index, .tryAgainLater)
        }
        leaveChat(index, code: .tryAgainLater)
        connections[index].outbound.dropUnbegunLines(pool: &outbox.pool)
        sendClose(index, .tryAgainLater, reason)
    }

    /// Ends a client in the middle of an answer to `history`. The rest of its frame is still to be
    /// made, so no Close can be sent.
    mutating func cutOff(_ index: Int, _ code: CloseCode) {
        leaveChat(index, code: code)
        connections.end(index)
    }

    private func isInChat(_ index: Int) -> Bool {
        connections[index].isInChat && !connections[index].flags.contains(.ends)
    }

    /// Takes the client out of the chat. This happens exactly once for each that was in it.
    private mutating func leaveChat(_ index: Int, code: CloseCode) {
        if !connections[index].isEventStream {
            counts.count(closing: code)
            monitor.incidents.add(
                .close(code), connections[index].isRich ? .rich : .plain, at: clock.wall)
        }
        if connectionLog.isDebug { connectionLog.leftChat(index, code.rawValue) }
        if case .history(let answer)? = connections[index].waiting {
            history.gaveUp(answer.key, .command(connections.token(at: index)))
        }
        if connections[index].flags.contains(.identified) { identities.release(index) }
        connections.leftChat(index)
        leaveRooms(index)
    }

    /// Comes after leaving the chat, which may queue lines: no frame may follow a Close (RFC 6455
    /// section 5.5.1).
    private mutating func sendClose(_ index: Int, _ code: CloseCode?, _ reason: String) {
        outbox.enqueueBytes(
            for: index, lane: .lines, in: &connections, at: clock.coarse
        ) { FrameEncoder.appendClose(code, reason: reason, to: &$0) }
        connections.sentClose(index, at: clock.coarse)
    }

    /// The same for an event stream, whose last event has what a Close would say.
    private mutating func sendClosed(_ index: Int, _ code: CloseCode, _ reason: String) {
        enqueueEvent(index, lane: .lines) {
            EventWriter.closed(code: code.rawValue, reason: reason, into: &$0)
        }
        lastWords(index)
    }

    /// Lets connections leave that can't be served any more. Leaving a room may seal its batch,
    /// whose fan-out may find more such connections. They leave too.
    mutating func workOffPartings() {
        while let (index, reason) = connections.nextParting() {
            switch reason {
            case .broken: end(index)
            case .laggard(let reason): closeLaggard(index, reason)
            }
        }
        for index in connections.takeDeparting(atMost: Limits.departuresAtOnce) {
            // It may have left already. What was queued for it has waited.
            outbox.scheduleFlush(index, in: &connections)
            close(index, .serviceRestart, "The room has begun a new epoch: connect again.")
        }
    }

    /// Closes the connections that have ended in this tick. `resets` drops what the kernel has yet
    /// to send to them, too.
    mutating func closeEnded(resets: Bool = false) {
        while let index = connections.nextEnded() {
            // A descriptor is free again.
            listening.descriptorFreed(at: clock.coarse)
            addresses.closed(index)
            listening.closed(connections.token(at: index))
            if connectionLog.isDebug { connectionLog.closed(index, at: clock.now) }
            var connection = connections.remove(index)
            let reset = resets || !connection.outbound.isEmpty
            connection.outbound.removeAll(pool: &outbox.pool)
            if reset { network.abort(connection.socket) } else { network.close(connection.socket) }
            counts.connectionsClosed += 1
        }
    }

    // MARK: Deadlines

    mutating func fireDeadlines() {
        connections.advance(to: clock.coarse, due: &due)
        guard !due.isEmpty else { return }
        for place in due.indices {
            let index = due[place]
            guard connections.isUsed(index) else { continue }
            let action = performDue(index)
            // They hide later deadlines, and may be due again at once.
            if action == .flush || action == .read { performDue(index, afterRetry: true) }
            if connections.isServed(index) { connections.schedule(index) }
        }
        due.removeAll(keepingCapacity: true)
    }

    /// Does what is due next for a connection, if its time has come, and returns it.
    @discardableResult
    private mutating func performDue(_ index: Int, afterRetry: Bool = false) -> DeadlineAction? {
        guard
            let action = connections.actionDue(
                index, skippingRetries: afterRetry, at: clock.coarse),
            afterRetry || !connections.isOurs(index, action)
        else { return nil }
        switch action {
        case .answerRequestTimeout:
            failedHandshake(.timedOut)
            refuseRequest(
                index,
                RequestViolation(.requestTimeout, "The request did not arrive in time."))
        case .refuse: refuse(index)
        case .closeHalfMessage:
            close(index, .policyViolation, "The message did not arrive in time.")
        case .closeLaggard: closeLaggard(index, "You read nothing for too long.")
        case .closeSilent: close(index, .internalError, "No answer to a ping.")
        case .ping:
            ping(index)
        case .comment: sendControl(index, outbox.standing.comment)
        case .flush: becameWritable(index)
        case .read: readOn(index)
        case .end: end(index)
        }
        return action
    }

    /// Sends a ping. The client must send something after it.
    private mutating func ping(_ index: Int) {
        connections.pinged(index, at: clock.coarse)
        sendControl(index, outbox.standing.ping)
    }

    // MARK: The budget

    /// Above the budget, unread logs are dropped first, then the growth of the others. Then the
    /// clients that keep most are reset, those first that don't read, until the rest fits. A Close
    /// would have to wait until a client reads, and its bytes with it.
    mutating func enforceBudget() {
        // Leaving a room seals its batch, which would then wait for other members.
        sealHeldBatches()
        streams.memberAnswers = MemberAnswers()
        dropUnreadLogs(above: limits.bufferBudget)
        guard isOverBudget else { return }
        streams.trimGrown(pool: &outbox.pool)
        guard isOverBudget else { return }
        for index in Budget.laggards(connections, hub, at: clock.coarse) where isOverBudget {
            guard connections.isUsed(index) else { continue }
            let rooms = hub.memberships(of: MemberID(index: index)).map { hub.room(of: $0) }
            reset(index)
            for room in rooms { streams.trimUnread(room, hub, pool: &outbox.pool) }
        }
    }

    /// Drops logs that no member has yet to read, while more than so many bytes are in use.
    mutating func dropUnreadLogs(above bytes: Int) {
        for room in streams.warm.rooms where accountedBytes > bytes {
            streams.trimUnread(room, hub, pool: &outbox.pool)
        }
    }

    /// Clients wait for memory: resets those that have read nothing for a while, the ones that keep
    /// most first, until half of the budget is free.
    mutating func resetSilent() {
        for index in Budget.silent(connections, hub, at: clock.coarse)
        where accountedBytes > limits.bufferBudget / 2 {
            if connections.isUsed(index) { reset(index) }
        }
    }

    /// Ends a connection at once, and frees all that is kept for it.
    private mutating func reset(_ index: Int) {
        counts.laggardsClosed += 1
        if isInChat(index) { leaveChat(index, code: .tryAgainLater) }
        connections.end(index)
        closeEnded(resets: true)
    }

    /// Gives back the memory that a crowd has left behind, unless there is other work.
    mutating func giveBackMemory() {
        guard streams.openBatches == 0, !outbox.isPending, clock.load < LoadMeter.half / 2 else {
            return spare.postpone(at: clock.coarse)
        }
        let listed = max(presence.rooms.end, streams.warm.end)
        streams.giveBack(to: hub.giveBack(keeping: listed))
        network.giveBackMemory()
        spare.gaveBack()
    }

    /// Bytes that count for the budget.
    @inline(__always)
    var accountedBytes: Int {
        Budget.bytes(
            outbox,
            others: connections.contexts.bytes + connections.keptBytes + history.bytes + hub.bytes
                + streams.memberAnswers.byteCount + network.heldBytes)
    }

    @inline(__always)
    var isOverBudget: Bool { accountedBytes > limits.bufferBudget }
}
