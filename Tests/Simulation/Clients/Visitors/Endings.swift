internal import Chat
internal import ChatServer
internal import WebSocket

/// Decides whether connections of a crowd have ended as they should.
struct Endings {
    private let limits: Limits
    /// Whether connections above a limit are refused.
    private let refuses: Bool
    /// Whether the limits are so low that the crowd exceeds them. Closes of clients that keep up
    /// are then excused.
    private let isTight: Bool
    /// Whether clients may be reset because the budget is that small.
    private var mayReset: Bool { limits.bufferBudget < 1_000_000 }

    /// `connections` is the largest number of connections at a time, including those yet to be
    /// closed.
    init(_ limits: Limits, connections: Int, isTight: Bool) {
        self.limits = limits
        self.isTight = isTight
        refuses =
            limits.connections < connections || limits.connectionsPerAddress > 0
            || limits.handshakesPerSecondPerAddress > 0
    }

    /// Checks how the connection ended.
    func judge(_ visit: Visit, isDraining: Bool, failedOver: Int, _ world: World) {
        let client = visit.client
        if client.link.isBroken { return }
        switch visit.purpose {
        case .chat:
            if client.phase == .plain || client.phase == .handshaking {
                judgeRefusal(visit, isDraining: isDraining, world)
            } else {
                judgeClose(visit, isDraining: isDraining, failedOver: failedOver, world)
            }
        case .requests(let statuses):
            let found = client.responses?.map(\.status)
            // A client over a limit gets the server's health if it asks for that first. A refused
            // client gets only the bytes that the kernel takes at once.
            let isToldHealth = found == [200] && statuses.first == 200
            let isRefused =
                refuses
                && (found == [503] || isToldHealth || found == nil || client.ending == .reset)
            let isReset = mayReset && client.ending == .reset
            // A connection that was in debt serves one more request.
            let wasInDebt =
                Waits.mayHappen(limits) && found.map { statuses.starts(with: $0) } == true
            guard found != statuses, !isRefused, !isReset, !wasInDebt else { return }
            world.violate("client \(client.number) got \(found ?? []), not \(statuses)")
        }
    }

    private func judgeRefusal(_ visit: Visit, isDraining: Bool, _ world: World) {
        let status = visit.client.responses?.first?.status
        let isExcused =
            switch status {
            case 503?: refuses || isDraining
            case nil: refuses || visit.hasLagged || isDraining || mayReset
            case 408?: visit.hasLagged || Waits.mayHappen(limits)
            default: false
            }
        if !isExcused {
            world.violate("client \(visit.client.number) was refused: \(status ?? 0)")
        }
    }

    private func judgeClose(_ visit: Visit, isDraining: Bool, failedOver: Int, _ world: World) {
        let client = visit.client
        let errors = visit.dueErrors.values.reduce(0, +)
        let errorLimit = limits.chat.errorsPerMinute
        let isDue =
            switch client.closeCode {
            case .goingAway?: isDraining || visit.hasLeft
            // It may have come while the server was yet to take over the epoch.
            case .serviceRestart?: failedOver > 0
            case .policyViolation?:
                errorLimit > 0 && errors > errorLimit || Waits.mayHappen(limits)
            case .internalError?: visit.hasLagged
            case .tryAgainLater?:
                visit.hasLagged || isTight || world.stores.contains(where: \.mayHaveLostLines)
            case .normal?, .noStatusReceived?: visit.hasLeft
            case nil: visit.hasLeft || visit.hasLagged || mayReset
            default: false
            }
        if !isDue {
            world.violate(
                "client \(client.number) was closed: \(client.closeCode?.rawValue ?? 1006)")
        }
        // After a Close arrives, the connection must end properly instead of being lost, unless the
        // answer waits behind more bytes than may be read in time.
        if client.closeCode != nil, client.ending == .reset, !visit.hasLeft, !visit.hasLagged,
            !Waits.mayHappen(limits), !mayReset
        {
            world.violate("client \(client.number): the connection was reset after the Close")
        }
    }
}
