internal import Logging
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// Accepts waiting connections until there are none, or until this tick's share is used up. The
    /// poller reports the rest again.
    mutating func accept(fromListener number: Int) throws(SystemError) {
        let (listener, isForOperators) = (listening[number], listening.isForOperators(number))
        var hasProgressed = false
        for _ in 0..<Limits.acceptsPerTick {
            switch try network.accept(from: listener) {
            case .connection(let socket, let address):
                hasProgressed = true
                accepted(socket, from: address, isForOperators: isForOperators)
            case .aborted: continue
            case .wouldBlock: return listening.ranDry()
            case .exhausted(let error): return try pauseAccepting(error)
            }
        }
        // A listener that only fails would be reported forever.
        if !hasProgressed { try pauseAccepting(nil) }
    }

    private mutating func pauseAccepting(_ error: SystemError?) throws(SystemError) {
        try listening.pause(
            error, connections: connections.count, over: &network, at: clock.coarse, log)
    }

    private mutating func accepted(
        _ socket: Socket, from address: SocketAddress, isForOperators: Bool
    ) {
        counts.connectionsAccepted += 1
        monitor.minute.opened(at: clock.now)
        let isFull = connections.count - connections.refusing >= limits.connections
        // A server that is full or under attack is when operators need it most.
        let isRefused = !isForOperators && (isFull || !addresses.admits(address))
        if isRefused, connectionLog.isDebug { connectionLog.refusedConnection(from: address) }
        guard !isRefused || connections.refusing < Limits.refusals else {
            return refuseInPassing(socket)
        }
        do throws(SystemError) {
            let token = try connections.accept(
                socket, isRefused: isRefused, over: &network, at: clock.coarse)
            guard let token else { return refuseInPassing(socket) }
            listening.watched()
            if isForOperators { listening.admitted(token) }
            allowances.opened(token.index, at: clock.now)
            if isRefused {
                refusedConnection()
            } else {
                addresses.opened(token.index, address, at: clock.now)
                if connectionLog.isDebug {
                    connectionLog.opened(
                        token.index, counts.connectionsAccepted, from: address, at: clock.now)
                }
            }
        } catch {
            listening.failedToWatch(error, log)
            counts.connectionsClosed += 1
            network.close(socket)
        }
    }

    /// Whether a connection may have what is for operators alone, see
    /// ``Listening/servesOperators(_:)``. What it asks for needs its own credentials as well.
    @inline(__always)
    func servesOperators(_ index: Int) -> Bool {
        listening.servesOperators(connections.token(at: index))
    }

    private mutating func refusedConnection() {
        counts.connectionsRefused += 1
        monitor.incidents.add(.connection, nil, at: clock.wall)
    }

    /// Refuses a connection over a limit once it has sent a request for anything but the server's
    /// health, or once its time is over. Many clients are confused by a response that comes before
    /// their request.
    mutating func refuse(_ index: Int) {
        failedHandshake(.overloaded)
        counts.countResponse(.serviceUnavailable)
        enqueue(index, outbox.standing.refusal, lane: .control)
        lastWords(index)
    }

    /// Refuses a connection over a limit while many others are being refused already. It gets the
    /// response if its socket takes it at once.
    private mutating func refuseInPassing(_ socket: Socket) {
        refusedConnection()
        counts.connectionsClosed += 1
        let outcome = outbox.offer(outbox.standing.refusal, to: socket, over: &network)
        if case .sent = outcome { network.shutdownWriting(socket) }
        network.close(socket)
    }
}
