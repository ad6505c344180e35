internal import Reactor

extension Connection {
    /// The time and kind of the next action for this connection: the earliest of the deadlines that
    /// apply in its state. It depends only on the state and the index. Nil if no deadline applies.
    ///
    /// - Parameter skippingRetries: leaves out what is tried at each step, and may fail each time.
    func deadline(
        _ limits: Limits, index: Int, skippingRetries: Bool = false
    ) -> (at: CoarseTime, action: DeadlineAction)? {
        var earliest: (at: CoarseTime, action: DeadlineAction)?
        func by(_ start: CoarseTime, _ milliseconds: UInt64, _ action: DeadlineAction) {
            let at = start.advanced(byMilliseconds: milliseconds)
            if earliest == nil || at < earliest!.at { earliest = (at, action) }
        }
        if !skippingRetries {
            if flags.contains(.postponed) { by(progressed, 0, .flush) }
            if flags.contains(.throttled) { by(heard, 0, .read) }
        }
        switch phase {
        case .http(.head) where flags.contains(.refused): by(since, Limits.refusalPatience, .refuse)
        // While we don't read, it isn't the client's fault if the rest doesn't arrive.
        case .http where flags.contains(.throttled): break
        case .http(.head) where rare?.head.isEmpty == false || !flags.contains(.answered):
            by(since, limits.handshakeTimeout, .answerRequestTimeout)
        case .http(.head): by(since, limits.keepAliveTimeout, .end)
        case .http(.content), .http(.body): by(since, limits.messageTimeout, .answerRequestTimeout)
        // The verifier and the store always answer. The client has to take the answer.
        case .http(.answering) where outbound.isEmpty: break
        case .http(.answering): by(progressed, limits.slowTimeout, .end)
        // A response may take any time as long as it makes progress.
        case .lingering where !outbound.isEmpty: by(progressed, limits.slowTimeout, .end)
        case .lingering: by(since, limits.closeTimeout, .end)
        case .eventStream(let stream) where stream.hasLeft:
            by(since, limits.closeTimeout, .end)
        case .eventStream where !outbound.isEmpty:
            by(progressed, limits.slowTimeout, .closeLaggard)
        // Proxies end what is silent for too long.
        case .eventStream:
            by(moment(Limits.commentInterval, index: index, after: progressed), 0, .comment)
        case .webSocket(let webSocket) where webSocket.hasLeft:
            by(since, limits.closeTimeout, .end)
        case .webSocket:
            if flags.contains(.partial), flags.isDisjoint(with: [.held, .throttled]) {
                by(since, limits.messageTimeout, .closeHalfMessage)
            }
            if !outbound.isEmpty { by(progressed, limits.slowTimeout, .closeLaggard) }
            // In the middle of a frame no ping can be sent.
            if flags.isDisjoint(with: [.held, .throttled]), limits.pingInterval > 0, !isAnswering {
                if flags.contains(.pinged) {
                    // While the kernel takes nothing, the ping may not have got through.
                    if !flags.contains(.blocked) {
                        by(heard, limits.pongTimeout, .closeSilent)
                    }
                } else {
                    let at = moment(limits.pingInterval, index: index, after: heard)
                    if earliest == nil || at < earliest!.at { earliest = (at, .ping) }
                }
            }
        }
        return earliest
    }

    /// The time to answer silence with a ping. Each connection has its own moment in the ping
    /// interval. The ping comes at that moment, once the silence has lasted a quarter of the
    /// interval. If that would be too soon, it comes half an interval later. So no silence lasts
    /// longer than the interval, and the pings of clients that arrived or spoke at the same time
    /// are soon spread over all of it. The same holds for the comments of event streams.
    private func moment(
        _ interval: UInt64, index: Int, after start: CoarseTime
    ) -> CoarseTime {
        let steps = max(UInt32(clamping: interval / CoarseTime.step), 1)
        let own = UInt32(Spread.place(of: index, in: UInt64(steps)))
        var ahead = steps - (start.steps % steps + steps - own) % steps
        if ahead < steps / 4 { ahead += steps / 2 }
        return CoarseTime(steps: start.steps + ahead)
    }
}
