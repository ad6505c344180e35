internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A connection's socket is ready.
    mutating func becameReady(_ index: Int, _ readiness: Readiness, buffer: inout [UInt8]) {
        if readiness.contains(.writable) { becameWritable(index) }
        if !connections[index].interest.contains(.readable) {
            // Nothing is read of it now; an error ends it all the same.
            if readiness.contains(.broken) { end(index) }
        } else if connections[index].flags.isDisjoint(with: [.resumes, .ends]),
            !readiness.isDisjoint(with: [.readable, .peerClosed, .broken])
        {
            receive(index, buffer: &buffer)
        }
    }

    /// Reads once: what is more than the buffer holds comes with the next tick, so that one client
    /// takes no more than its share of this one.
    private mutating func receive(_ index: Int, buffer: inout [UInt8]) {
        var span = buffer.mutableSpan
        var window = span._mutatingExtracting(first: min(span.count, allowances.largestRead))
        switch network.receive(from: connections[index].socket, into: &window) {
        case .bytes(let count):
            metrics.bytesReceived += UInt64(count)
            connections[index].heard = coarseNow
            // The next ping is due before the pong would have been.
            if connections[index].flags.remove(.pinged) != nil { schedule(index) }
            var input = window._mutatingExtracting(first: count)
            received(index, &input)
            throttle(index, received: count)
        case .wouldBlock: break
        case .exhausted: readLater(index)
        case .end: peerEnded(index)
        case .broken: end(index)
        }
    }

    /// Bytes came in, or were kept of an earlier tick. Those behind an opening handshake flow on
    /// into the frames in the same call.
    private mutating func received(_ index: Int, _ input: inout MutableSpan<UInt8>) {
        var offset = 0
        var share = Limits.messagesPerTick
        while offset < input.count, !connections[index].flags.contains(.ends) {
            if mustHold(index) {
                connections[index].flags.insert(.held)
                return keep(index, input.span.extracting(offset...))
            }
            if share <= 0 {
                connections[index].flags.insert(.resumes)
                resuming.append(connections.token(at: index))
                return keep(index, input.span.extracting(offset...))
            }
            share -= 1
            switch connections[index].phase {
            case .head where connections[index].flags.contains(.refused): refuse(index)
            case .head: receivedHead(index, input.span, &offset)
            case .content: receivedContent(index, input.count, &offset)
            case .open, .closing: receivedFrame(index, &input, &offset, &share)
            case .lingering: offset = input.count
            }
        }
    }

    /// Who has had many replies is heard again when they have been sent; one who doesn't take them
    /// gets on until they are too many. Who doesn't take its lines is not read from, nor is one of
    /// whom a command waits for the store.
    private func mustHold(_ index: Int) -> Bool {
        if Int(connections[index].outbound.lineBytes) > limits.highWatermark { return true }
        if connections[index].flags.contains(.awaits) { return true }
        if settlesUntil != nil, connections[index].phase == .open { return true }
        if connections[index].phase == .open, connections[index].flags.contains(.blocked) {
            return false
        }
        return connections[index].outbound.controlCost > limits.controlWatermark / 2
    }

    private mutating func keep(_ index: Int, _ rest: Span<UInt8>) {
        let rare = rare(index)
        rare.input.append(rest)
        updateInterest(index)
    }

    /// The rare part of a connection, made when it is first needed.
    mutating func rare(_ index: Int) -> Connection.Rare {
        if let rare = connections[index].rare { return rare }
        let rare = Connection.Rare()
        connections[index].rare = rare
        return rare
    }

    /// Goes on with input that was kept because its client had had its share.
    mutating func resumeInput() {
        let tokens = resuming
        resuming.removeAll(keepingCapacity: true)
        for token in tokens where connections.contains(token) {
            connections[token.index].flags.remove(.resumes)
            guard let rare = connections[token.index].rare, !rare.input.isEmpty else { continue }
            var input = rare.input
            rare.input = []
            var span = input.mutableSpan
            received(token.index, &span)
            dropRareIfEmpty(token.index)
            updateInterest(token.index)
            guard connections[token.index].flags.isDisjoint(with: [.resumes, .held]) else {
                continue
            }
            // It has had some of its share: what its socket has comes with the next tick.
            connections[token.index].flags.insert(.resumes)
            resuming.append(token)
        }
    }

    mutating func dropRareIfEmpty(_ index: Int) {
        if connections[index].rare?.isEmpty == true { connections[index].rare = nil }
    }

    /// The ring has drained: what was held goes on.
    mutating func releaseInput(_ index: Int) {
        guard connections[index].flags.contains(.held), !mustHold(index),
            Int(connections[index].outbound.lineBytes) <= limits.lowWatermark
        else { return }
        connections[index].flags.remove(.held)
        listenAgain(index)
        guard connections[index].rare?.input.isEmpty == false else { return updateInterest(index) }
        connections[index].flags.insert(.resumes)
        resuming.append(connections.token(at: index))
    }

    /// Registers what the connection now waits for, if that has changed.
    mutating func updateInterest(_ index: Int) {
        var interest: Interest = []
        let flags = connections[index].flags
        if flags.isDisjoint(with: [.held, .throttled, .peerEnded]) { interest.insert(.readable) }
        if flags.contains(.blocked), !flags.contains(.postponed) { interest.insert(.writable) }
        guard interest != connections[index].interest, !flags.contains(.ends) else { return }
        do throws(SystemError) {
            try network.change(
                connections[index].socket, token: connections.token(at: index), interest: interest)
            connections[index].interest = interest
        } catch {
            end(index)
        }
    }

    /// The peer has shut down its sending half. Answers that are under way still go out.
    private mutating func peerEnded(_ index: Int) {
        connections[index].flags.insert(.peerEnded)
        // A WebSocket that ends without a Close is broken off (RFC 6455 section 7.1.5).
        if connections[index].phase == .open || connections[index].outbound.isEmpty {
            return end(index)
        }
        endWhenFlushed(index)
        updateInterest(index)
    }

    /// After so many bytes, an allowance may be used up: then nothing is read until it has grown.
    @inline(__always)
    private mutating func throttle(_ index: Int, received count: Int) {
        if allowances.used(count, by: index, at: now) != nil { readLater(index) }
    }

    /// Nothing is read until a step of the coarse clock has passed.
    private mutating func readLater(_ index: Int) {
        connections[index].flags.insert(.throttled)
        updateInterest(index)
        schedule(index)
    }

    /// A step of the coarse clock has passed for a throttled connection.
    mutating func readOn(_ index: Int) {
        // Where the kernel failed to read, the silence may be the client's all the same.
        let wasOurs = allowances.owes(index)
        guard allowances.used(0, by: index, at: now) == nil else { return }
        connections[index].flags.remove(.throttled)
        if wasOurs { listenAgain(index) } else { restartMessageTimeout(index) }
        updateInterest(index)
    }

    /// We did not want to read for a time: the silence was ours, and begins now to be the client's.
    private mutating func listenAgain(_ index: Int) {
        connections[index].heard = coarseNow
        restartMessageTimeout(index)
    }

    /// Nothing was read for a time: the rest of a message has as long as the whole of it.
    private mutating func restartMessageTimeout(_ index: Int) {
        if connections[index].phase == .open, connections[index].flags.contains(.partial) {
            connections[index].since = coarseNow
        }
        // While nobody listened there may have been no deadline at all.
        schedule(index)
    }
}
