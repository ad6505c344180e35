internal import Logging
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// Takes waiting connections until there are none, or until this tick's share is used up: the
    /// poller reports the rest again.
    mutating func accept(from listener: Socket) throws(SystemError) {
        var hasProgressed = false
        for _ in 0..<Limits.acceptsPerTick {
            switch try network.accept(from: listener) {
            case .connection(let socket, let address):
                hasProgressed = true
                accepted(socket, from: address)
            case .aborted: continue
            case .wouldBlock:
                toldExhaustion = false
                return
            case .exhausted(let error): return try pauseAccepting(error)
            }
        }
        // A listener that only fails would be reported for ever.
        if !hasProgressed { try pauseAccepting(nil) }
    }

    private mutating func accepted(_ socket: Socket, from address: SocketAddress) {
        metrics.connectionsAccepted += 1
        let isFull = connections.count - refusing >= limits.connections
        let isRefused = isFull || !addresses.admits(address)
        guard !isRefused || refusing < Limits.refusals,
            let token = connections.insert(Connection(socket: socket, now: coarseNow))
        else { return refuseInPassing(socket) }
        do throws(SystemError) {
            try network.register(socket, token: token, interest: .readable)
            toldUnwatched = false
        } catch {
            if !toldUnwatched {
                toldUnwatched = true
                log.warning("A connection could not be watched", metadata: ["error": "\(error)"])
            }
            metrics.connectionsClosed += 1
            _ = connections.remove(at: token.index)
            return network.close(socket)
        }
        allowances.opened(token.index)
        if isRefused {
            metrics.connectionsRefused += 1
            refusing += 1
            connections[token.index].flags.insert(.refused)
        } else {
            addresses.opened(token.index, address, at: now)
        }
        schedule(token.index)
    }

    /// A connection past a limit: it is told so when it has asked something, because many clients
    /// are confused by an answer that is there before their question, or when it has had its time.
    mutating func refuse(_ index: Int) {
        metrics.count(.overloaded)
        metrics.countResponse(.serviceUnavailable)
        enqueue(index, refusal, lane: .control)
        lastWords(index)
    }

    /// A connection past a limit, while many others are being refused already: it is told so if its
    /// socket takes it at once.
    private mutating func refuseInPassing(_ socket: Socket) {
        metrics.connectionsRefused += 1
        metrics.connectionsClosed += 1
        gather.removeAll()
        pool.append(refusal, from: 0, to: &gather)
        if case .sent = network.send(gather, to: socket) { network.shutdownWriting(socket) }
        network.close(socket)
    }

    /// What a connection past a limit is answered.
    static var refusalResponse: [UInt8] {
        var response: [UInt8] = []
        ResponseHead.write(
            .serviceUnavailable,
            text: "All connections of this server, or of your address, are taken; try again later.",
            keepsAlive: false, fields: [retryAfter], into: &response)
        return response
    }

    /// Nobody can be accepted: whoever waits stays in the kernel's queue, and we stop looking at
    /// it until a connection closes or a moment has passed, because it would be reported for ever.
    /// Without an error, all who waited were gone before they could be accepted.
    private mutating func pauseAccepting(_ error: SystemError?) throws(SystemError) {
        metrics.acceptPauses += 1
        if !toldExhaustion {
            toldExhaustion = true
            var metadata: Logger.Metadata = ["connections": "\(connections.count)"]
            if let error {
                metadata["error"] = "\(error)"
                log.error(
                    """
                    Accepting pauses: descriptors or memory have run out. \
                    Raise `ulimit -n` or lower --max-connections.
                    """, metadata: metadata)
            } else {
                log.error("Accepting pauses: the system lets no connection in", metadata: metadata)
            }
        }
        try watchListeners([])
        acceptAgain = coarseNow.advanced(byMilliseconds: Limits.exhaustionPause)
    }

    /// A pause is over: the listeners are watched again.
    mutating func acceptConnections() throws(SystemError) {
        acceptAgain = nil
        try watchListeners(.readable)
    }

    private mutating func watchListeners(_ interest: Interest) throws(SystemError) {
        for (number, socket) in listeners.enumerated() {
            try network.change(socket, token: .listener(number), interest: interest)
        }
    }
}
