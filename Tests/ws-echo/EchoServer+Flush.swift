internal import Reactor
internal import TLS

extension EchoServer {
    /// Puts the connection on the list of pending writes, unless its socket is full: the poller
    /// then reports when it accepts bytes again.
    mutating func scheduleFlush(_ index: Int) {
        guard !connections[index].isFlushing, !connections[index].isBlocked else { return }
        connections[index].isFlushing = true
        flushing.append(index)
    }

    /// Writes the waiting bytes of the listed connections.
    mutating func flush() {
        for index in flushing {
            flush(index)
            connections[index].isFlushing = false
            updateInterest(index)
        }
        flushing.removeAll(keepingCapacity: true)
    }

    /// Writes until nothing waits, or until the kernel takes no more. Then handles frames that
    /// waited for room, at most those of one read.
    private mutating func flush(_ index: Int) {
        while connections[index].phase != .ended, connections[index].outbound.count > 0 {
            let socket = connections[index].socket
            switch connections[index].outbound.send(to: socket, by: &network) {
            case .sent: progressed(index)
            case .wouldBlock:
                connections[index].isBlocked = true
                return
            case .exhausted, .broken: return end(index)
            }
        }
        if connections[index].phase == .closing { flushedLastWords(index) }
    }

    private mutating func progressed(_ index: Int) {
        switch connections[index].phase {
        case .open where !connections[index].isHeld: resume(index)
        case .closing: scheduleEnd(index)
        case .handshake, .open, .lingering, .ended: break
        }
    }

    /// Updates the interest if it has changed.
    mutating func updateInterest(_ index: Int) {
        let wanted = connections[index].wantedInterest
        guard connections[index].phase != .ended, wanted != connections[index].interest else {
            return
        }
        do throws(SystemError) {
            try network.change(
                connections[index].socket, token: connections.token(at: index), interest: wanted)
            connections[index].interest = wanted
        } catch {
            end(index)
        }
    }

    /// Nothing more will be sent except what already waits.
    mutating func beginClosing(_ index: Int) {
        switch connections[index].phase {
        case .handshake, .open:
            connections[index].phase = .closing
            connections[index].input = []
            scheduleEnd(index)
            scheduleFlush(index)
        case .closing: scheduleFlush(index)
        case .lingering: end(index)
        case .ended: break
        }
    }

    /// Shuts down our half and waits for the peer to end. Closing while the peer's bytes are unread
    /// would reset the connection, and the reset could overtake our last bytes (RFC 6455 §7.1.1).
    private mutating func flushedLastWords(_ index: Int) {
        guard !connections[index].peerEnded else { return end(index) }
        network.shutdownWriting(connections[index].socket)
        connections[index].phase = .lingering
        scheduleEnd(index)
    }

    private mutating func scheduleEnd(_ index: Int) {
        wheel.schedule(index, at: now.advanced(byMilliseconds: EchoLimits.closeTimeout))
    }

    /// The connection ends with this tick.
    mutating func end(_ index: Int) {
        guard connections[index].phase != .ended else { return }
        connections[index].phase = .ended
        ending.append(index)
    }

    mutating func endConnections() {
        for index in ending {
            wheel.cancel(index)
            let connection = connections.remove(at: index)
            if connection.outbound.count > 0 {
                network.abort(connection.socket)
            } else {
                network.close(connection.socket)
            }
        }
        ending.removeAll(keepingCapacity: true)
    }
}
