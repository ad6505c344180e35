internal import Chat
internal import Reactor
internal import WebSocket

/// The bytes that arrive from a connection, and how many of them a tick handles.
extension Server where Net: ~Copyable {
    /// A connection's socket is ready.
    mutating func becameReady(_ index: Int, _ readiness: Readiness, buffer: inout [UInt8]) {
        if readiness.contains(.writable) { becameWritable(index) }
        if !connections[index].interest.contains(.readable) {
            // It isn't read now, but an error still ends it.
            if readiness.contains(.broken) { end(index) }
        } else if connections[index].flags.isDisjoint(with: [.resumes, .ends, .fails]),
            !readiness.isDisjoint(with: [.readable, .peerClosed, .broken])
        {
            guard hasTurnNow(index) else { return connections.resume(index) }
            receive(index, buffer: &buffer)
        }
    }

    /// Whether a connection that is ready needn't wait in line. A quiet one is served before those
    /// that have asked for much.
    @inline(__always)
    private func hasTurnNow(_ index: Int) -> Bool {
        allowances.costs.isQuiet(index, at: clock.now)
            || connections.resuming.isEmpty && !allowances.turns.areOver
    }

    mutating func becameWritable(_ index: Int) {
        if connections.claimWritable(index, at: clock.coarse) {
            outbox.scheduleFlush(index, in: &connections)
        }
    }

    /// Reads once. Bytes beyond the buffer come with the next tick, so that one client takes no
    /// more than its share of this one.
    private mutating func receive(_ index: Int, buffer: inout [UInt8]) {
        var span = buffer.mutableSpan
        var window = span._mutatingExtracting(first: min(span.count, allowances.bytes.largestRead))
        switch network.receive(from: connections[index].socket, into: &window) {
        case .bytes(let count):
            counts.bytesReceived += UInt64(count)
            connections.heard(index, at: clock.coarse)
            var input = window._mutatingExtracting(first: count)
            received(index, &input)
            // These bytes may have used up the allowance.
            if allowances.bytes.used(count, by: index, at: clock.now) != nil { readLater(index) }
        case .wouldBlock: break
        case .exhausted: readLater(index)
        case .end: peerEnded(index)
        case .broken: end(index)
        }
    }

    /// Bytes have arrived, or were kept from an earlier tick. The connection has its turn.
    private mutating func received(_ index: Int, _ input: inout MutableSpan<UInt8>) {
        allowances.turns.began()
        handle(index, &input)
        // A message that broke the protocol after a Close, for one, is kept no longer.
        if connections[index].rare != nil { connections.recount(index) }
        charge(allowances.turns.ended(), to: index)
    }

    /// Handles input until the turn is over. Bytes after an opening handshake are handled as frames
    /// in the same turn.
    private mutating func handle(_ index: Int, _ input: inout MutableSpan<UInt8>) {
        var offset = 0
        while offset < input.count, connections.isServed(index) {
            if mustHold(index) {
                connections.hold(index)
                return keep(index, input.span.extracting(offset...))
            }
            if allowances.turns.isOver {
                connections.resume(index)
                return keep(index, input.span.extracting(offset...))
            }
            switch connections[index].phase {
            case .webSocket: receivedFrame(index, &input, &offset)
            case .http(.head): receivedHead(index, input.span, &offset)
            case .http(.content), .http(.body): receivedContent(index, input.span, &offset)
            case .http(.answering): preconditionFailure("its input is held while it waits")
            case .eventStream: dropInput(input.count, &offset)
            case .lingering: offset = input.count
            }
        }
    }

    /// The reader of an event stream has nothing more to say, because the response ends with the
    /// connection (RFC 9112 section 9.6).
    private mutating func dropInput(_ count: Int, _ offset: inout Int) {
        allowances.turns.spend(1 + (count - offset) / Cost.frameBytes)
        offset = count
    }

    /// Whether to stop handling a client's input: while its lines are piling up, while its command
    /// waits for the store, and while it has many replies to take. A client that takes no replies
    /// continues until they are too many.
    private func mustHold(_ index: Int) -> Bool {
        if Int(connections[index].outbound.lineBytes) > limits.highWatermark { return true }
        if connections[index].waiting != nil { return true }
        if connections[index].isInChat {
            if life.isSettling { return true }
            if connections[index].flags.contains(.blocked) { return false }
        }
        return connections[index].outbound.controlCost > limits.controlWatermark / 2
    }

    private mutating func keep(_ index: Int, _ rest: Span<UInt8>) {
        connections.keep(index, rest)
        connections.watch(index, over: &network)
    }

    /// Serves the first `count` of the connections that wait in line, until the tick's budget is
    /// spent. At least one gets its turn. Those behind them have joined the line in this tick.
    mutating func takeTurns(of count: Int, buffer: inout [UInt8]) {
        let line = connections.takeResuming(count)
        for place in line.indices {
            if place > 0, allowances.turns.areOver {
                allowances.turns.postponed += UInt64(line.count - place)
                return connections.resumeFirst(line[place...])
            }
            guard connections.contains(line[place]) else { continue }
            takeTurn(line[place].index, buffer: &buffer)
        }
    }

    /// Continues with input that was kept, or reads.
    private mutating func takeTurn(_ index: Int, buffer: inout [UInt8]) {
        // One that isn't read now comes back when it is.
        guard !connections[index].flags.contains(.throttled) else { return }
        guard var input = connections.takeInput(index) else {
            if connections[index].interest.contains(.readable), connections.isServed(index) {
                receive(index, buffer: &buffer)
            }
            return
        }
        var span = input.mutableSpan
        received(index, &span)
        connections.watch(index, over: &network)
        if connections[index].flags.isDisjoint(with: [.resumes, .held]) {
            // It has used some of its share. Bytes in its socket come with the next tick.
            connections.resume(index)
        }
    }

    // MARK: Costs

    /// A connection has asked for work. One that is in debt isn't read until it is paid off. One
    /// that is in debt for too long is closed.
    @inline(__always)
    mutating func charge(_ cost: Int, to index: Int) {
        if !allowances.costs.isQuiet(index, at: clock.now) { allowances.turns.paid(cost) }
        if allowances.costs.charge(cost, to: index, at: clock.now), connections.isServed(index) {
            isInDebt(index)
        }
    }

    @inline(never)
    private mutating func isInDebt(_ index: Int) {
        // HTTP says so with the next response.
        if connections[index].isInChat,
            allowances.costs.hasOwedTooLong(index, at: clock.now)
        {
            return close(
                index, .policyViolation, "You keep asking for more work than a client may.")
        }
        readLater(index)
    }

    /// The ring has drained, or a command is done. Held input continues.
    mutating func releaseInput(_ index: Int) {
        guard connections[index].flags.contains(.held), !mustHold(index),
            Int(connections[index].outbound.lineBytes) <= limits.lowWatermark,
            connections.claimRelease(index, at: clock.coarse)
        else { return }
        if connections[index].rare?.input.isEmpty == false {
            connections.resume(index)
        } else {
            connections.watch(index, over: &network)
        }
    }

    /// The peer has shut down its sending half. Pending answers still go out.
    private mutating func peerEnded(_ index: Int) {
        connections.peerEnded(index)
        if connections[index].phase == .http(.answering) {
            return connections.watch(index, over: &network)
        }
        // A WebSocket that ends without a Close ends abnormally (RFC 6455 section 7.1.5).
        if connections[index].isInChat || connections[index].outbound.isEmpty {
            return end(index)
        }
        endWhenFlushed(index)
        connections.watch(index, over: &network)
    }

    /// Stops reading until a step of the coarse clock has passed.
    private mutating func readLater(_ index: Int) {
        connections.throttle(index, at: clock.coarse)
        connections.watch(index, over: &network)
    }

    /// A step of the coarse clock has passed for a throttled connection.
    mutating func readOn(_ index: Int) {
        let wasOurs = allowances.bytes.owes(index) || allowances.costs.isDebtor(index)
        guard allowances.bytes.used(0, by: index, at: clock.now) == nil,
            !allowances.costs.isInDebt(index, at: clock.now)
        else { return }
        connections.readOn(index, wasOurs: wasOurs, at: clock.coarse)
        connections.watch(index, over: &network)
        if connections[index].rare?.input.isEmpty == false,
            connections[index].flags.isDisjoint(with: [.resumes, .held])
        {
            connections.resume(index)
        }
    }

    /// Follows up on connections that were flushed.
    mutating func workOffFlushed() {
        for place in outbox.flushed.indices {
            let index = outbox.flushed[place]
            guard connections.isServed(index) else { continue }
            releaseInput(index)
            if connections.hasTakenPiece(index) { tookPiece(index) }
            if hub.isBehind(MemberID(index: index)) { feeder.schedule(index, in: &connections) }
            guard connections[index].outbound.isEmpty, !connections[index].isRegular else {
                continue
            }
            if connections[index].flags.contains(.endsWhenFlushed) {
                connections.flushedLastWords(index, over: &network, at: clock.coarse)
            } else {
                connections.watch(index, over: &network)
            }
        }
        outbox.forgetFlushed()
    }
}
