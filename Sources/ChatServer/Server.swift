public import Chat
public import Logging
public import Reactor
internal import WebSocket

/// The chat server: an owner of parts, driven by one loop.
///
/// Data goes one way. A tick waits for what is ready, reads it, and lets the protocol machines and
/// the hub make lines of it. At its end it fires deadlines, seals each room's lines into one chunk,
/// and sends, one call a client. Nothing leaves a room in the middle of a loop over its members: a
/// connection that can't be served any more is put on a list, and leaves when the loop is over.
///
/// Each part is a plain value that owns its state and never names the server. A step that needs
/// several parts is handed them. What is left to extensions of the server is to hand over: input to
/// the protocol machines, their events to the hub, and what the hub says to the streams, the
/// orderer and the outbox.
public struct Server<Net: Network & ~Copyable>: ~Copyable {
    let limits: Limits
    let wire: WireRules
    let log: Logger
    public internal(set) var network: Net
    public internal(set) var life = Life.serving
    var clock: Clock
    var counts = Metrics()
    var connectionLog: ConnectionLog
    var refusedOrigins = RefusedOrigins()

    // In
    var listening: Listening
    var connections: Connections
    var addresses: AddressBook
    var allowances: ByteAllowances

    // Rooms
    var hub: Hub
    var streams: RoomStreams
    var presence = PresenceNews()
    var feeder = Feeder()
    var history: History

    // Out
    var outbox: Outbox
    let documents: Documents

    // Lists of a tick, kept so that their memory is used again.
    private var ready: [ReadyEvent] = []
    var due: [Int] = []

    /// A server on sockets that listen already.
    ///
    /// - Parameters:
    ///   - store: orders and keeps what is said, and wakes `network`'s waits; nil: rooms have what
    ///     is in memory.
    ///   - firstEpoch: without a store, what rooms' epochs are numbered from; it must differ from
    ///     one life of the server to the next.
    public init(
        network: consuming Net, listeners: [Socket], limits: Limits, origins: [String] = [],
        proxies: TrustedProxies = TrustedProxies(), compression: Bool = true,
        store: (any Orderer)? = nil, firstEpoch: UInt64 = 0, log: Logger
    ) throws(SystemError) {
        self.limits = limits
        self.log = log
        connectionLog = ConnectionLog(log)
        wire = WireRules(limits: limits, origins: origins, compression: compression)
        history = History(orderer: store)

        var pool = ChunkPool()
        documents = Documents(origins: origins, pool: &pool)
        let standing = StandingChunks(
            welcome: WireRules.welcome(limits, isDurable: store != nil),
            refusal: WireRules.refusal, in: &pool)
        outbox = Outbox(pool: pool, standing: standing)

        var network = network
        clock = Clock(start: network.now())
        connections = Connections(limits: limits, now: clock.coarse)
        addresses = AddressBook(
            connections: limits.connectionsPerAddress,
            handshakesPerSecond: limits.handshakesPerSecondPerAddress, proxies: proxies)
        allowances = ByteAllowances(perSecond: limits.bytesPerSecond)
        hub = Hub(
            limits: limits.chat, capacity: limits.connections + Limits.refusals,
            ordering: store == nil ? .inPlace(firstEpoch: firstEpoch) : .elsewhere)
        streams = RoomStreams(
            limits: limits, deflater: compression ? WireRules.makeDeflater() : nil)
        listening = try Listening(listeners, over: &network)
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

    /// Connections that are open now, in whatever phase.
    public var connectionCount: Int { connections.count }

    /// What has happened so far.
    public var metrics: Metrics {
        var metrics = counts
        metrics.bytesSent = outbox.bytesSent
        metrics.linesDelivered = outbox.linesSent
        metrics.gaps = feeder.gaps
        metrics.acceptPauses = listening.pauses
        return metrics
    }

    /// The one buffer that all connections are read into.
    public static func makeReceiveBuffer() -> [UInt8] {
        [UInt8](repeating: 0, count: Limits.receiveBuffer)
    }

    /// One turn of the loop.
    public mutating func tick(buffer: inout [UInt8]) throws(SystemError) {
        try network.wait(milliseconds: patience(), into: &ready)
        let hasStepped = clock.tickBegan(
            at: network.now(), wall: Timestamp(milliseconds: network.wallClock()))
        // Most of what follows has nothing to do in most ticks, and asking costs less than a call.
        if !connections.resuming.isEmpty { resumeInput() }
        for index in ready.indices { try dispatch(ready[index], buffer: &buffer) }
        if history.followAgain <= clock.coarse { followUnfollowed() }
        commitDrafts()
        if hasStepped { fireDeadlines() }
        if listening.next <= clock.coarse {
            try listening.resumeIfDue(over: &network, at: clock.coarse)
        }
        workOffLists()
        if streams.openBatches > 0 { sealBatches() }
        if presence.rooms.isDue(at: clock.coarse) {
            presence.tell(&hub, &streams, &connections, &outbox, at: clock)
        }
        if outbox.isPending {
            outbox.flush(&connections, over: &network, at: clock.coarse)
            workOffFlushed()
        }
        if feeder.isPending {
            feeder.feed(&hub, &streams, &history, &connections, &outbox, at: clock.coarse)
        }
        workOffLists()
        if isOverBudget { enforceBudget() }
        if streams.warm.isDue(at: clock.coarse) {
            streams.cool(hub, isStored: !history.isInPlace, at: clock.coarse, pool: &outbox.pool)
        }
        if case .draining = life { continueDraining() }
        workOffLists()
        counts.ticks.record(nanoseconds: clock.tickEnded(at: network.now()))
    }

    @inline(__always)
    private mutating func workOffLists() {
        guard connections.areLeaving else { return }
        workOffPartings()
        closeEnded()
    }

    /// Milliseconds that the next wait may take; nil: for ever.
    // Inlined, because a call that changes nothing is given a copy of the server.
    @inline(__always)
    private func patience() -> Int32? {
        if !connections.resuming.isEmpty || outbox.isPending || feeder.isPending { return 0 }
        let held = streams.openBatches > 0 ? streams.millisecondsHeld(at: clock.now) : nil
        var next = min(listening.next, streams.warm.next)
        next = min(next, min(presence.rooms.next, min(history.followAgain, life.nextStep)))
        if let steps = connections.stepsToNext {
            next = min(next, CoarseTime(steps: clock.coarse.steps + UInt32(steps)))
        }
        guard next < .never else { return held }
        let steps = Int32(clamping: Int64(next.steps) - Int64(clock.coarse.steps))
        return min(max(steps, 0) * Int32(CoarseTime.step), held ?? .max)
    }

    private mutating func dispatch(
        _ event: ReadyEvent, buffer: inout [UInt8]
    ) throws(SystemError) {
        if event.token == .signals {
            receivedSignals()
        } else if event.token == .waker {
            takeReplies()
        } else if let number = event.token.listener {
            try accept(from: listening.sockets[number])
        } else if connections.contains(event.token) {
            becameReady(event.token.index, event.readiness, buffer: &buffer)
        }
    }
}
