internal import Chat
internal import Reactor

extension Figures {
    /// The figures of this moment. Surveys the rooms, if that was a second ago.
    init<Net: Network & ~Copyable>(of server: inout Server<Net>) {
        server.monitor.rooms.look(server.hub, &server.streams, at: server.clock.now)
        self.init(surveyed: server)
    }

    private init<Net: Network & ~Copyable>(surveyed server: borrowing Server<Net>) {
        version = Version.current
        started = server.monitor.started
        now = server.clock.wall
        counts = server.metrics
        connections = Connections(
            open: server.connections.count, limit: server.limits.connections,
            states: server.connections.states, refusing: server.connections.refusing,
            identified: server.identities.count, laggards: server.connections.blocked)
        roomCount = server.hub.roomCount
        membersElsewhere = server.hub.elsewhereCount
        rooms = server.monitor.rooms.figures
        history = History(
            isReady: server.history.trouble(at: server.clock.coarse) == nil,
            committing: server.history.commits.count, recentIDs: server.hub.sends.count,
            store: server.history.orderer?.metrics, cluster: server.history.orderer?.cluster)
        checks = server.history.lineChecks.checker == nil ? nil : server.history.lineChecks
        followers = server.supervision.observer?.reports ?? []
        deliveries = server.monitor.deliveries.histogram
        memory = Self.memory(of: server)
        memoryBytes = server.accountedBytes
        memoryBudget = server.limits.bufferBudget
        waitingBytes = server.outbox.pool.waitingBytes
        compression = Compression(
            contexts: server.connections.contexts.count,
            promisedBytes: server.connections.contexts.promisedBytes)
        work = Work(
            units: server.allowances.costs.total, debts: server.allowances.costs.debts,
            postponed: server.allowances.turns.postponed)
        encryption = server.network.securityReport()
        changedLimits = server.monitor.changedLimits
    }

    /// The bytes of each kind. They add up to what counts for the budget.
    static func memory<Net: Network & ~Copyable>(
        of server: borrowing Server<Net>
    ) -> [(kind: MemoryKind, bytes: Int)] {
        let waiting = server.outbox.pool.waitingBytes
        let (ids, held) = (server.hub.sends.bytes, server.hub.held.bytes)
        return MemoryKind.allCases.map { kind in
            let bytes =
                switch kind {
                case .waiting: waiting
                case .logs: max(server.outbox.pool.bytes - server.outbox.ownBytes - waiting, 0)
                case .input: server.connections.keptBytes
                case .compression: server.connections.contexts.bytes
                case .rooms: server.hub.bytes - ids - held
                case .ids: ids
                case .held: held
                case .store: server.history.bytes
                case .answers: server.streams.memberAnswers.byteCount
                case .encryption: server.network.heldBytes
                }
            return (kind, bytes)
        }
    }
}
