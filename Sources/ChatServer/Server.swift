public import Chat
public import Logging
public import Reactor
internal import WebSocket

/// The chat server: connections, rooms and what is to be sent, driven by one loop.
///
/// Data goes one way. A tick waits for what is ready, reads it, lets the protocol machines and the
/// hub make lines of it, and at its end fires deadlines, closes what has ended, seals each room's
/// lines into one chunk and flushes, one `sendmsg` a client. Nothing is closed or written in the
/// middle of somebody else's loop: it is put on a list and done at the end of the tick.
public struct Server<Net: Network & ~Copyable>: ~Copyable {
    let limits: Limits
    let rules: FrameRules
    let policy: HandshakePolicy
    let headLimits: HeadLimits
    let log: Logger
    public internal(set) var network: Net
    let listeners: [Socket]

    var connections: SlotTable<Connection>
    var hub: Hub
    var roomLogs: [RoomLog] = []
    var pool = ChunkPool()
    var wheel: TimerWheel
    var addresses: AddressBook
    var allowances: ByteAllowances
    public internal(set) var metrics = Metrics()

    /// The clocks, read once at the start of a tick.
    var now: Instant
    var coarseNow: CoarseTime
    var wallNow = Timestamp(milliseconds: 0)

    // Lists of this tick, emptied at its end; kept so that their memory is used again.
    var ready: [ReadyEvent] = []
    var due: [Int] = []
    var flushing: [Int] = []
    /// Connections for which more waits than one call takes; they are flushed next tick.
    var unfinished: [Int] = []
    /// Connections that are behind and are to be fed.
    var feeding: [Int] = []
    /// Replies of the store.
    var replies: [HistoryReply] = []
    /// Lines of the store, for those who are behind.
    var arrivedPages: [ArrivedPage] = []
    var ending: [Int] = []
    var resuming: [Token] = []
    var batches: [OpenBatch] = []
    var openBatches = 0
    var gather = GatherList()
    var scratch: [UInt8] = []
    var lineScratch: [UInt8] = []
    /// Of the line that was written last.
    var timeText = TimestampText(Timestamp(milliseconds: 0))
    var httpDate = HTTPDate()

    /// Rooms whose logs hold something, and when to see which of them are idle.
    var warmRooms: [RoomID] = []
    var coolAgain: CoarseTime
    /// Rooms with news of who is there, and when to see which of them may be told.
    var newsRooms: [RoomID] = []
    var newsAgain: CoarseTime
    /// Nil where nothing is stored.
    var history: History?
    /// One compressor and one decompressor for everybody, because neither keeps anything from one
    /// message to the next; nil where compression is off.
    let deflater: Deflater?
    let inflater: Inflater?
    /// What is sent again and again, encoded once.
    let page: ReadyDocument
    let library: ReadyDocument
    let examples: ReadyDocument
    let pingFrame: ChunkID
    let welcomeFrame: ChunkID
    let refusal: ChunkID
    /// Bytes of those, which are kept whether somebody waits for them or not.
    let ownBytes: Int
    /// Connections that are refused for want of room, and are being told so.
    var refusing = 0
    /// WebSockets from the opening handshake until a Close goes either way.
    var openSessions = 0
    /// Connections whose socket refused bytes.
    var blockedCount = 0
    var loadMeter = LoadMeter()
    /// When the last tick ended.
    var tickEnded: Instant
    /// When to try to accept again, while descriptors are exhausted.
    var acceptAgain: CoarseTime?
    var toldExhaustion = false
    /// The log has it that connections can't be watched; until one can.
    var toldUnwatched = false
    public internal(set) var life = Life.serving
    /// While draining: what was accepted before the signal is stored and delivered until then, and
    /// nothing is read. Nil before, and once everybody was sent away.
    var settlesUntil: CoarseTime?

    /// A server on sockets that listen already.
    ///
    /// - Parameters:
    ///   - store: keeps the lines, and wakes `network`'s waits; nil: rooms have what is in memory.
    ///   - firstEpoch: without a store, what rooms' epochs are numbered from; it must differ from
    ///     one life of the server to the next.
    public init(
        network: consuming Net, listeners: [Socket], limits: Limits, origins: [String] = [],
        proxies: TrustedProxies = TrustedProxies(), compression: Bool = true,
        store: (any HistoryStore)? = nil, firstEpoch: UInt64 = 0, log: Logger
    ) throws(SystemError) {
        self.limits = limits
        self.log = log
        self.listeners = listeners
        deflater = compression ? Self.makeDeflater() : nil
        inflater = compression ? Inflater(keepsContext: false) : nil
        rules = FrameRules(
            role: .server, messageBytes: limits.messageBytes, fragments: Limits.fragments)
        policy = HandshakePolicy(
            origins: origins, subprotocols: [Self.richDialect],
            deflate: inflater == nil ? nil : Self.deflatePolicy)
        headLimits = HeadLimits(headBytes: limits.headBytes)
        let capacity = limits.connections + Limits.refusals
        connections = SlotTable(capacity: capacity)
        hub = Hub(
            limits: limits.chat, capacity: capacity, isDurable: store != nil,
            firstEpoch: firstEpoch)
        history = store.map { History(store: $0) }
        addresses = AddressBook(
            connections: limits.connectionsPerAddress,
            handshakesPerSecond: limits.handshakesPerSecondPerAddress, proxies: proxies)
        allowances = ByteAllowances(perSecond: limits.bytesPerSecond)
        page = ReadyDocument(
            WebPage.chat.document, adding: WebPage.chat.framing(origins: origins), pool: &pool)
        library = ReadyDocument(.library, adding: [], pool: &pool)
        examples = ReadyDocument(
            WebPage.examples.document, adding: WebPage.examples.framing(origins: origins),
            pool: &pool)
        var ping: [UInt8] = []
        FrameEncoder.append(.ping, [UInt8]().span, to: &ping)
        pingFrame = pool.make(ping)
        welcomeFrame = pool.make(Self.welcomeEvent(limits, isDurable: store != nil))
        refusal = pool.make(Self.refusalResponse)
        ownBytes = pool.bytes
        var network = network
        now = network.now()
        coarseNow = CoarseTime(now)
        tickEnded = now
        coolAgain = coarseNow
        newsAgain = coarseNow
        wheel = TimerWheel(now: coarseNow)
        for (number, socket) in listeners.enumerated() {
            try network.register(socket, token: .listener(number), interest: .readable)
        }
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

    /// The one buffer that all connections are read into.
    public static func makeReceiveBuffer() -> [UInt8] {
        [UInt8](repeating: 0, count: Limits.receiveBuffer)
    }

    /// One turn of the loop.
    public mutating func tick(buffer: inout [UInt8]) throws(SystemError) {
        try network.wait(milliseconds: patience(), into: &ready)
        let before = coarseNow
        now = network.now()
        coarseNow = CoarseTime(now)
        wallNow = Timestamp(milliseconds: network.wallClock())
        // Most of what follows has nothing to do in most ticks, and asking costs less than a call.
        if !resuming.isEmpty { resumeInput() }
        for index in ready.indices { try dispatch(ready[index], buffer: &buffer) }
        commitDrafts()
        if before < coarseNow { fireDeadlines() }
        if let due = acceptAgain, due <= coarseNow { try acceptConnections() }
        if !ending.isEmpty { endConnections() }
        if openBatches > 0 { sealBatches() }
        if !newsRooms.isEmpty, newsAgain <= coarseNow { tellPresence() }
        if !flushing.isEmpty { flush() }
        if !feeding.isEmpty || !arrivedPages.isEmpty { feedBehind() }
        if !ending.isEmpty { endConnections() }
        if isOverBudget { enforceBudget() }
        if coolAgain <= coarseNow { coolRooms() }
        if case .draining(let deadline) = life { finishDraining(by: deadline) }
        let end = network.now()
        let busy = end.nanoseconds - now.nanoseconds
        metrics.ticks.record(nanoseconds: busy)
        loadMeter.record(idle: now.nanoseconds - tickEnded.nanoseconds, busy: busy)
        tickEnded = end
    }

    /// Milliseconds that the next wait may take; nil: for ever.
    // Inlined, because a call that changes nothing is given a copy of the server.
    @inline(__always)
    private func patience() -> Int32? {
        if !resuming.isEmpty || !ending.isEmpty || !flushing.isEmpty { return 0 }
        if !feeding.isEmpty || !arrivedPages.isEmpty { return 0 }
        var wanted = wheel.stepsToNext.map { coarseNow.steps + UInt32($0) }
        func by(_ other: CoarseTime) { wanted = min(wanted ?? .max, other.steps) }
        if let acceptAgain { by(acceptAgain) }
        if !warmRooms.isEmpty { by(coolAgain) }
        if !newsRooms.isEmpty { by(newsAgain) }
        if let settlesUntil { by(settlesUntil) }
        if case .draining(let deadline) = life { by(deadline) }
        let held = millisecondsHeld()
        guard let wanted else { return held }
        let steps = Int32(clamping: Int64(wanted) - Int64(coarseNow.steps))
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
            try accept(from: listeners[number])
        } else if connections.contains(event.token) {
            becameReady(event.token.index, event.readiness, buffer: &buffer)
        }
    }
}
