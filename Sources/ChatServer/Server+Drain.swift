internal import Chat
internal import Logging
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// SIGHUP.
    private static var hangup: Int32 { 1 }

    /// A termination signal has arrived: all clients are sent away in good order. A second one ends
    /// the server at once. SIGHUP requests new settings, if somebody brings them.
    mutating func receivedSignals() {
        while let signal = network.takeSignal() {
            if signal == Self.hangup, supervision.inbox != nil {
                if life == .serving { supervision.tell(.reloading) }
                continue
            }
            switch life {
            case .serving: beginDraining(signal: signal)
            case .draining: life = .endedAtOnce(signal: signal)
            case .ended, .endedAtOnce: break
            }
        }
    }

    private mutating func beginDraining(signal: Int32) {
        let deadline = clock.coarse.advanced(byMilliseconds: Limits.drainTimeout)
        let until = clock.coarse.advanced(byMilliseconds: Limits.settleTimeout)
        life = .draining(.settling(until: until, deadline: deadline))
        log.notice(
            "Stopping: no new chats; all clients are told",
            metadata: ["signal": "\(signal)", "connections": "\(connections.count)"])
        supervision.tell(.draining(milliseconds: Limits.drainTimeout))
        continueDraining()
    }

    /// While draining: sends all clients away once accepted lines are stored and delivered. Ends
    /// once no client waits for anything, or when time is up.
    mutating func continueDraining() {
        if case .draining(.settling(let until, let deadline)) = life,
            history.isSettled || until <= clock.coarse
        {
            life = .draining(.leaving(deadline: deadline))
            sendAway()
        }
        guard case .draining(.leaving(let deadline)) = life,
            deadline <= clock.coarse || !isOwing
        else { return }
        life = .ended
        log.notice("Stopped", metadata: ["connections": "\(connections.count)"])
    }

    /// Lines that arrived after the signal weren't read. Their senders get no ack and send them
    /// again.
    private mutating func sendAway() {
        sealHeldBatches()
        let clients = connections.sessions + connections.states[.stream]
        let window = Limits.returnWindow + UInt64(clients)
        for index in 0..<connections.endIndex
        where connections.isUsed(index) && connections[index].isInChat {
            tellClosing(index, window: window)
            close(index, .goingAway, "The server stops.")
        }
    }

    /// Tells a client of the rich dialect when to come back. Each gets a different time in a window
    /// that grows with their number, so that the next server doesn't get all of them at once.
    private mutating func tellClosing(_ index: Int, window: UInt64) {
        guard connections[index].isRich, !connections[index].isAnswering else { return }
        let delay = Limits.returnDelay + Spread.place(of: index, in: window)
        if connections[index].isEventStream { return tellStreamClosing(index, delay) }
        enqueueEvent(index, lane: .lines) {
            EventWriter.closing(reconnectAfter: delay, into: &$0)
        }
    }

    /// Whether a connection still has bytes to take, or has yet to see that we are done.
    private var isOwing: Bool {
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            switch connections[index].phase {
            case .webSocket, .eventStream, .lingering, .http(.answering): return true
            case .http: if !connections[index].outbound.isEmpty { return true }
            }
        }
        return false
    }

    // MARK: The end of a tick

    /// Measures the tick, and rests after one whose budget was used up.
    @inline(__always)
    mutating func endTick() {
        let isResting = allowances.turns.needRest
        let ended = network.now()
        if monitor.deliveries.isPending || streams.openBatches > 0 {
            monitor.deliveries.tickEnded(
                clock.began, ended, held: streams.linesHeld, isInPlace: history.isInPlace)
        }
        if isResting { network.pause(milliseconds: Limits.busyPause) }
        if monitor.samples.next <= clock.coarse { takeSample() }
        counts.ticks.record(
            nanoseconds: clock.tickEnded(at: isResting ? network.now() : ended))
    }

    // MARK: What the log says of the whole

    @inline(never)
    mutating func stoodStill() {
        identities.stoodStill(milliseconds: (clock.standstill + 999_999) / 1_000_000, at: clock.now)
        guard clock.standstill >= Limits.standstillToTell else { return }
        let tenths = clock.standstill / 100_000_000
        log.warning(
            "The process stood still: all deadlines have moved by as much",
            metadata: ["seconds": "\(tenths / 10).\(tenths % 10)"])
    }

    @inline(never)
    mutating func tellMinute() {
        let counts = monitor.minute.take(
            metrics, connections: connections.count, at: clock.now)
        log.info("Counts of a minute", metadata: counts)
    }
}
