public import Chat
internal import Filters
internal import Identity
public import Logging
public import Reactor
internal import WebSocket

/// The chat server: an owner of parts, driven by one loop.
///
/// Data goes one way. A tick waits for ready sockets, reads them, and lets the protocol machines
/// and the hub turn the bytes into lines. At its end it fires deadlines, seals each room's lines
/// into one chunk, and sends, with one call for each client. No connection leaves a room in the
/// middle of a loop over its members: one that can't be served any more is put on a list, and
/// leaves after the loop.
///
/// Each part is a plain value that owns its state and never names the server. A step that needs
/// several parts gets them as arguments. Extensions of the server only pass things on: input to the
/// protocol machines, their events to the hub, and the hub's results to the streams, the orderer
/// and the outbox.
public struct Server<Net: Network & ~Copyable>: ~Copyable {
    var limits: Limits
    var wire: WireRules
    let log: Logger
    public internal(set) var network: Net
    public internal(set) var life = Life.serving
    var clock: Clock
    var counts = Metrics()
    var supervision: Supervision
    var connectionLog: ConnectionLog
    var monitor: Monitor

    // In
    var listening: Listening
    var connections: Connections
    var addresses: AddressBook
    var allowances: Allowances
    var identities: Identities

    // Rooms
    var hub: Hub
    var streams: RoomStreams
    var presence = PresenceNews()
    var feeder = Feeder()
    var history: History

    // Out
    var outbox: Outbox
    var spare = SpareMemory()
    var documents: Documents

    // Lists of a tick, kept so that their memory is reused.
    private var ready: [ReadyEvent] = []
    var due: [Int] = []

    /// Makes a server on sockets that are already listening.
    ///
    /// - Parameters:
    ///   - forOperators: sockets that alone have `/metrics`. Without any, all of them have it.
    ///   - store: orders and keeps the lines, and wakes `network`'s waits. If it is nil, rooms have
    ///     only the lines in memory.
    ///   - identity: whether clients may have tokens, or must.
    ///   - moderation: how guests are recognised, and what keeps changes without a store.
    ///   - firstEpoch: without a store, the first number of the rooms' epochs. It must differ for
    ///     each run of the server.
    ///   - supervision: is told how the server fares.
    public init(
        network: consuming Net, listeners: [Socket], forOperators: [Socket] = [],
        settings: Settings, store: (any Orderer)? = nil,
        identity: IdentityRules = IdentityRules(), moderation: ModerationRules = ModerationRules(),
        firstEpoch: UInt64 = 0, supervision: Supervision = Supervision(), log: Logger
    ) throws(SystemError) {
        let limits = settings.limits
        self.limits = limits
        self.log = log
        self.supervision = supervision
        connectionLog = ConnectionLog(log)
        wire = WireRules(settings)
        history = History(
            orderer: store, moderation: moderation, draftBytes: limits.draftBytes)

        var pool = ChunkPool()
        documents = Documents(origins: settings.origins, pool: &pool)
        let standing = StandingChunks(
            welcome: WireRules.welcome(limits, isDurable: store != nil),
            refusal: WireRules.refusal, in: &pool)
        outbox = Outbox(pool: pool, standing: standing)

        var network = network
        clock = Clock(start: network.now())
        monitor = Monitor(settings, started: network.wallClock(), at: clock.now)
        connections = Connections(limits: limits, now: clock.coarse)
        addresses = AddressBook(
            connections: limits.connectionsPerAddress,
            handshakesPerSecond: limits.handshakesPerSecondPerAddress, proxies: settings.proxies,
            origins: Origins(moderation))
        allowances = Allowances(limits: limits)
        identities = Identities(identity, settings)
        hub = Hub(
            limits: limits.chat, capacity: limits.connections + Limits.refusals,
            sendBytes: limits.sendBytes,
            ordering: store == nil ? .inPlace(firstEpoch: firstEpoch) : .elsewhere,
            isShared: history.isShared, noTerms: TermList())
        if store == nil {
            hub.keep(
                moderation.kept, at: clock.now.milliseconds,
                time: Timestamp(milliseconds: network.wallClock()))
            if !hub.held.isEmpty { history.wake(at: clock.coarse) }
        }
        streams = RoomStreams(
            limits: limits, deflater: settings.compression ? WireRules.makeDeflater() : nil)
        listening = try Listening(listeners, forOperators: forOperators, over: &network)
        self.network = network
    }

    /// Runs until the server has ended.
    public mutating func run() throws(SystemError) {
        var buffer = Self.makeReceiveBuffer()
        while isRunning { try tick(buffer: &buffer) }
    }

    public var isRunning: Bool {
        switch life {
        case .serving, .draining: true
        case .ended, .endedAtOnce: false
        }
    }

    /// The number of open connections, in any phase.
    public var connectionCount: Int { connections.count }

    /// The counts so far.
    public var metrics: Metrics {
        var metrics = counts
        metrics.bytesSent = outbox.bytesSent
        metrics.linesDelivered = outbox.linesSent
        metrics.gaps = feeder.gaps
        metrics.acceptPauses = listening.pauses
        return metrics
    }

    /// Makes the one buffer that all connections are read into.
    public static func makeReceiveBuffer() -> [UInt8] {
        [UInt8](repeating: 0, count: Limits.receiveBuffer)
    }

    /// One turn of the loop.
    public mutating func tick(buffer: inout [UInt8]) throws(SystemError) {
        let wanted = patience()
        let patience = supervision.shortened(wanted, at: clock.began)
        try network.wait(milliseconds: patience, into: &ready)
        let hasStepped = clock.tickBegan(
            at: network.now(), wall: Timestamp(milliseconds: network.wallClock()),
            waited: patience)
        if supervision.next <= clock.began {
            supervision.cameDue(at: clock.began, connections: connections.count)
        }
        if clock.standstill > 0 { stoodStill() }
        // Before anything is read: a token that has ended gives no rights to what comes now.
        if identities.next <= clock.coarse { takeIdentitySteps() }
        let waiting = connections.resuming.count
        allowances.turns.tickBegan(wanting: ready.count + waiting)
        for index in ready.indices { try dispatch(ready[index], buffer: &buffer) }
        // Most of these steps have nothing to do in most ticks, and a check costs less than a call.
        if waiting > 0 { takeTurns(of: waiting, buffer: &buffer) }
        if history.isRemembering { rememberSends() }
        if history.nextTry <= clock.coarse { tryStoreAgain() }
        commitDrafts()
        if history.patience.ends <= clock.coarse { tellHang() }
        let isUnread = ready.count == readyLimit
        if clock.gate.opens(hasStepped, isUnread: isUnread, connections: connections.count) {
            fireDeadlines()
        }
        if listening.next <= clock.coarse {
            try listening.resumeIfDue(over: &network, at: clock.coarse)
        }
        workOffLists()
        if streams.openBatches > 0 { sealBatches() }
        if presence.rooms.isDue(at: clock.coarse) {
            presence.tell(&hub, &streams, history, &connections, &outbox, at: clock)
        }
        if outbox.isPending {
            outbox.flush(&connections, over: &network, at: clock.coarse)
            workOffFlushed()
        }
        if feeder.isPending {
            feeder.feed(&hub, &streams, &history, &connections, &outbox, at: clock.coarse)
        }
        if history.nextAnswers <= clock.coarse { continueAnswers() }
        workOffLists()
        let kept = accountedBytes
        if kept > limits.bufferBudget { enforceBudget() }
        spare.saw(kept, at: clock.coarse)
        if spare.next <= clock.coarse { giveBackMemory() }
        if streams.warm.isDue(at: clock.coarse) {
            streams.cool(
                hub, connections, isStored: !history.isInPlace, at: clock.coarse,
                pool: &outbox.pool)
        }
        if monitor.minute.next <= clock.coarse { tellMinute() }
        if case .draining = life { continueDraining() }
        workOffLists()
        documents.metrics.tickEnded(pool: &outbox.pool)
        endTick()
    }

    @inline(__always)
    private mutating func workOffLists() {
        guard connections.areLeaving else { return }
        workOffPartings()
        closeEnded()
    }

    /// Milliseconds that the next wait may take. Nil for forever.
    // Mutating: otherwise the call, which changes nothing, would get a copy of the server.
    @inline(__always)
    private mutating func patience() -> Int32? {
        if !connections.resuming.isEmpty || outbox.isPending || feeder.isPending { return 0 }
        if clock.gate.isShut || history.isBusy || connections.areLeaving { return 0 }
        if history.nextAnswers <= clock.coarse { return 0 }
        let held = streams.openBatches > 0 ? streams.millisecondsHeld(at: clock.now) : nil
        var next = min(listening.next, min(streams.warm.next, spare.next))
        next = min(next, min(presence.rooms.next, min(history.nextTry, life.nextStep)))
        next = min(next, min(history.patience.ends, history.nextAnswers))
        next = min(next, min(identities.next, monitor.minute.next))
        if let steps = connections.stepsToNext {
            next = min(next, CoarseTime(steps: clock.coarse.steps + UInt32(steps)))
        }
        guard next < .never else { return held }
        let steps = Int32(clamping: Int64(next.steps) - Int64(clock.coarse.steps))
        let wait = min(max(steps, 0), LoopTime.longestWait) * Int32(CoarseTime.step)
        return min(wait, held ?? .max, LoopTime.longestWait)
    }

    @inline(__always)
    private mutating func dispatch(
        _ event: ReadyEvent, buffer: inout [UInt8]
    ) throws(SystemError) {
        if event.token == .signals {
            receivedSignals()
        } else if event.token == .waker {
            takeSettings()
            takeReplies()
            if identities.areOn { takeTokenAnswers() }
        } else if let number = event.token.listener {
            try accept(fromListener: number)
        } else if connections.contains(event.token) {
            becameReady(event.token.index, event.readiness, buffer: &buffer)
        }
    }
}
