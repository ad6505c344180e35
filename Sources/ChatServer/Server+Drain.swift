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
        sealBatches()
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            switch connections[index].phase {
            case .open: close(index, .goingAway, "The server stops.")
            // Idle, or asking: it may still be told that the server is not ready.
            case .head, .content, .closing, .lingering: break
            }
        }
    }

    /// While draining: ends when nobody is left to whom something is owed, or when time is up.
    mutating func finishDraining() {
        guard case .draining(let deadline) = life else { return }
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
