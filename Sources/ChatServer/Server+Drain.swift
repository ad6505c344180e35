internal import Chat
internal import Logging
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A termination signal: everybody is sent away in good order. A second one ends at once.
    mutating func receivedSignals() {
        while let signal = network.takeSignal() {
            switch life {
            case .serving: beginDraining(signal: signal)
            case .draining: life = .endedAtOnce(signal: signal)
            case .ended, .endedAtOnce: break
            }
        }
    }

    private mutating func beginDraining(signal: Int32) {
        life = .draining(deadline: coarseNow.advanced(byMilliseconds: Limits.drainTimeout))
        log.notice(
            "Stopping: no new chats; everybody is told",
            metadata: ["signal": "\(signal)", "connections": "\(connections.count)"])
        settlesUntil = coarseNow.advanced(byMilliseconds: Limits.settleTimeout)
        sendAwayIfSettled()
    }

    /// While draining: sends everybody away once what was accepted is stored and delivered. What
    /// has come since the signal is not read: who sent it will hear no ack, and send it again.
    mutating func sendAwayIfSettled() {
        guard let settlesUntil else { return }
        guard history?.isSettled ?? true || settlesUntil <= coarseNow else { return }
        self.settlesUntil = nil
        sealHeldBatches()
        let window = Limits.returnWindow + UInt64(openSessions)
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            switch connections[index].phase {
            case .open:
                tellClosing(index, window: window)
                close(index, .goingAway, "The server stops.")
            // Idle, or asking: it may still be told that the server is not ready.
            case .head, .content, .closing, .lingering: break
            }
        }
    }

    /// Tells a client of the rich dialect when to come back: each at another time of a window that
    /// grows with their number, spread evenly by the golden ratio, so that the next server is not
    /// run over by all of them at once.
    private mutating func tellClosing(_ index: Int, window: UInt64) {
        guard connections[index].flags.contains(.rich) else { return }
        let place = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        let delay = Limits.returnDelay + place.multipliedFullWidth(by: window).high
        enqueueEvent(index, lane: .lines) {
            EventWriter.closing(reconnectAfter: delay, into: &$0)
        }
    }

    /// While draining: ends when nobody is left to whom something is owed, or when time is up.
    mutating func finishDraining(by deadline: CoarseTime) {
        sendAwayIfSettled()
        guard deadline <= coarseNow || !isOwing else { return }
        life = .ended
        log.notice("Stopped", metadata: ["connections": "\(connections.count)"])
    }

    /// Whether a connection has bytes to take, or has yet to see that we are done.
    private var isOwing: Bool {
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            switch connections[index].phase {
            case .open, .closing, .lingering: return true
            case .head, .content: if !connections[index].outbound.isEmpty { return true }
            }
        }
        return false
    }
}
