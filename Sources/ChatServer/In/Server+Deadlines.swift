internal import Reactor
internal import WebSocket

extension Connection {
    /// When something is to be done about this connection next, and what: a pure function of its
    /// state and its index, the earliest of the deadlines that hold in it. Nil: nothing, however
    /// long it takes.
    func deadline(_ limits: Limits, index: Int) -> (at: CoarseTime, action: DeadlineAction)? {
        var earliest: (at: CoarseTime, action: DeadlineAction)?
        func by(_ start: CoarseTime, _ milliseconds: UInt64, _ action: DeadlineAction) {
            let at = start.advanced(byMilliseconds: milliseconds)
            if earliest == nil || at < earliest!.at { earliest = (at, action) }
        }
        if flags.contains(.postponed) { by(progressed, 0, .flush) }
        if flags.contains(.throttled) { by(heard, 0, .read) }
        switch phase {
        case .head where flags.contains(.refused): by(since, Limits.refusalPatience, .refuse)
        case .head where rare?.head.isEmpty == false || !flags.contains(.answered):
            by(since, limits.handshakeTimeout, .answerRequestTimeout)
        case .head: by(since, limits.keepAliveTimeout, .end)
        case .content: by(since, limits.messageTimeout, .answerRequestTimeout)
        // A response that is on its way has all the time it needs while it gets on.
        case .lingering where !outbound.isEmpty: by(progressed, limits.slowTimeout, .end)
        case .closing, .lingering: by(since, limits.closeTimeout, .end)
        case .open:
            // While we don't read, it isn't the client's fault that the rest doesn't come.
            if flags.contains(.partial), flags.isDisjoint(with: [.held, .throttled]) {
                by(since, limits.messageTimeout, .closeHalfMessage)
            }
            if !outbound.isEmpty { by(progressed, limits.slowTimeout, .closeLaggard) }
            if flags.isDisjoint(with: [.held, .throttled]), limits.pingInterval > 0 {
                if flags.contains(.pinged) {
                    by(heard, limits.pingInterval + limits.pongTimeout, .closeSilent)
                } else {
                    let at = pingMoment(limits.pingInterval, index: index)
                    if earliest == nil || at < earliest!.at { earliest = (at, .ping) }
                }
            }
        }
        return earliest
    }

    /// When silence is answered with a ping: once it has lasted a quarter of the interval, at the
    /// connection's own moment of the interval; where that would be too soon, half an interval
    /// later. So no silence lasts longer than the interval, and pings of a crowd that has come, or
    /// spoken, at once are soon spread over all of it, because moments are, by the golden ratio.
    private func pingMoment(_ interval: UInt64, index: Int) -> CoarseTime {
        let steps = max(UInt32(clamping: interval / CoarseTime.step), 1)
        let place = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        let own = UInt32(place.multipliedFullWidth(by: UInt64(steps)).high)
        var ahead = steps - (heard.steps % steps + steps - own) % steps
        if ahead < steps / 4 { ahead += steps / 2 }
        return CoarseTime(steps: heard.steps + ahead)
    }
}

extension Server where Net: ~Copyable {
    /// Puts the connection's next deadline on the wheel. Called when a state begins that may have
    /// an earlier one; where a deadline has only moved on, it is seen when the old one fires.
    mutating func schedule(_ index: Int) {
        guard let (at, _) = connections[index].deadline(limits, index: index) else { return }
        wheel.schedule(index, at: at)
    }

    mutating func fireDeadlines() {
        wheel.advance(to: coarseNow, due: &due)
        guard !due.isEmpty else { return }
        for place in due.indices {
            let index = due[place]
            guard connections.isUsed(index) else { continue }
            let action = performDue(index)
            // Another try hides what is due behind it, and could fail for ever.
            if action == .flush || action == .read { performDue(index) }
            if !connections[index].flags.contains(.ends) { schedule(index) }
        }
        due.removeAll(keepingCapacity: true)
    }

    /// Does what is due next for a connection, if its time has come, and says what that was.
    @discardableResult
    private mutating func performDue(_ index: Int) -> DeadlineAction? {
        guard !connections[index].flags.contains(.ends),
            let (at, action) = connections[index].deadline(limits, index: index), at <= coarseNow
        else { return nil }
        perform(action, for: index)
        return action
    }

    private mutating func perform(_ action: DeadlineAction, for index: Int) {
        switch action {
        case .answerRequestTimeout:
            metrics.count(.timedOut)
            respond(
                index, .requestTimeout, "The request did not come in time.", keepsAlive: false)
        case .refuse: refuse(index)
        case .closeHalfMessage:
            close(index, .policyViolation, "The message did not come in time.")
        case .closeLaggard: closeLaggard(index, "You took nothing for too long.")
        case .closeSilent: close(index, .internalError, "No answer to a ping.")
        case .ping: ping(index)
        case .flush: becameWritable(index)
        case .read: readOn(index)
        case .end: end(index)
        }
    }

    private mutating func ping(_ index: Int) {
        connections[index].flags.insert(.pinged)
        enqueue(index, pingFrame, lane: .control)
    }
}
