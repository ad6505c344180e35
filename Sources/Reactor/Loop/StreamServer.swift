/// A loop for small servers that answer each client separately. It accepts connections, reads from
/// them, sends the answers, and closes connections that are quiet for too long.
///
/// A client that doesn't take its answers is not read from, so its waiting bytes are limited to the
/// answers to one read. `Peer` is the server's state for a connection. The closure of ``tick(_:)``
/// gets it with the bytes that have arrived.
///
/// If clients send to each other, as in a chat, the server needs a loop of its own: see
/// <doc:WritingAServer>.
public struct StreamServer<Net: Network & ~Copyable, Peer: ~Copyable>: ~Copyable {
    /// The largest number of bytes of one read.
    private static var receiveBuffer: Int { 65_536 }
    /// Connections that are accepted per tick from each listening socket.
    private static var acceptsPerTick: Int { 64 }

    private var network: Net
    private let listeners: [Socket]
    private var connections: SlotTable<StreamConnection<Peer>>
    private var wheel: TimerWheel
    private var time: LoopTime
    private var gate = DeadlineGate()
    private var now: CoarseTime
    private let patience: UInt64
    private let makePeer: () -> Peer
    private var buffer: [UInt8]
    /// Whether no termination signal has arrived.
    public private(set) var isRunning = true

    // Lists of this tick. They are emptied at its end.
    private var ready: [ReadyEvent] = []
    private var due: [Int] = []
    private var ending: [Int] = []

    /// Makes a server on sockets that are already listening.
    ///
    /// - Parameters:
    ///   - capacity: the number of connections at the same time. Further ones are closed at once.
    ///     The process needs as many descriptors.
    ///   - patience: milliseconds without a byte after which a connection is closed.
    ///   - makePeer: makes the state for a new connection.
    public init(
        network: consuming Net, listeners: [Socket], capacity: Int, patience: UInt64 = 60_000,
        makePeer: @escaping () -> Peer
    ) throws(SystemError) {
        for (number, socket) in listeners.enumerated() {
            try network.register(socket, token: .listener(number), interest: .readable)
        }
        self.listeners = listeners
        self.patience = patience
        self.makePeer = makePeer
        connections = SlotTable(capacity: capacity)
        buffer = [UInt8](repeating: 0, count: Self.receiveBuffer)
        time = LoopTime(start: network.now())
        now = CoarseTime(time.now)
        wheel = TimerWheel(now: now)
        self.network = network
    }

    /// The number of open connections.
    public var connectionCount: Int { connections.count }

    /// Runs one turn of the loop. It waits until something is ready, and gives `answer` the bytes
    /// of each connection that has some. `answer` appends its reply, and returns whether the
    /// connection stays open. On a termination signal, all connections are closed.
    public mutating func tick(
        _ answer: (inout Peer, inout MutableSpan<UInt8>, inout [UInt8]) -> Bool
    ) throws(SystemError) {
        let wait = timeout()
        try network.wait(milliseconds: wait, into: &ready)
        time.turnBegan(at: network.now(), waited: wait)
        let before = now
        now = CoarseTime(time.now)
        for event in ready where isRunning {
            if event.token == .signals {
                if network.takeSignal() != nil { stop() }
            } else if let number = event.token.listener {
                try accept(from: listeners[number])
            } else if connections.contains(event.token) {
                becameReady(event.token.index, event.readiness, answer)
            }
        }
        let isUnread = ready.count == readyLimit
        let isTime = gate.opens(
            before < now, isUnread: isUnread, connections: connections.count)
        if isRunning, isTime { fireDeadlines() }
        endConnections()
    }

    /// Milliseconds that the next wait may take. Nil for ever.
    private func timeout() -> Int32? {
        if gate.isShut { return 0 }
        return wheel.stepsToNext.map {
            min(Int32($0) * Int32(CoarseTime.step), LoopTime.longestWait)
        }
    }

    private mutating func accept(from listener: Socket) throws(SystemError) {
        for _ in 0..<Self.acceptsPerTick {
            switch try network.accept(from: listener) {
            case .connection(let socket, _):
                let connection = StreamConnection(socket: socket, peer: makePeer(), heard: now)
                if let token = connections.insert(connection) {
                    try network.register(socket, token: token, interest: .readable)
                    schedule(token.index)
                } else {
                    network.close(socket)
                }
            case .aborted: continue
            case .wouldBlock: return
            case .exhausted(let error): throw error
            }
        }
    }

    private mutating func becameReady(
        _ index: Int, _ readiness: Readiness,
        _ answer: (inout Peer, inout MutableSpan<UInt8>, inout [UInt8]) -> Bool
    ) {
        if connections[index].output.isEmpty {
            receive(index, answer)
        } else if readiness.contains(.writable) {
            flush(index)
        } else if readiness.contains(.broken) {
            end(index)
        }
    }

    private mutating func receive(
        _ index: Int, _ answer: (inout Peer, inout MutableSpan<UInt8>, inout [UInt8]) -> Bool
    ) {
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        defer { swap(&bytes, &buffer) }
        var span = bytes.mutableSpan
        switch network.receive(from: connections[index].socket, into: &span) {
        case .bytes(let count):
            connections[index].heard = now
            var input = span._mutatingExtracting(first: count)
            connections[index].received(&input, answer)
            flush(index)
        case .wouldBlock, .exhausted: break
        case .end, .broken: end(index)
        }
    }

    /// Sends the waiting bytes. If some are left, the socket is watched only for being writable.
    private mutating func flush(_ index: Int) {
        var output: [UInt8] = []
        swap(&output, &connections[index].output)
        let socket = connections[index].socket
        while !output.isEmpty {
            switch network.send(output.span, to: socket) {
            case .sent(let count):
                connections[index].heard = now
                output.removeFirst(count)
            case .wouldBlock:
                swap(&output, &connections[index].output)
                return watch(index, .writable)
            case .exhausted, .broken: return end(index)
            }
        }
        if connections[index].phase == .leaving {
            // Closing while bytes are unread would reset the connection, and the reset could
            // overtake the last bytes. So the peer ends first, or its time runs out.
            network.shutdownWriting(socket)
            connections[index].phase = .lingering
        }
        watch(index, .readable)
    }

    private mutating func watch(_ index: Int, _ interest: Interest) {
        guard connections[index].interest != interest else { return }
        do throws(SystemError) {
            let token = connections.token(at: index)
            try network.change(connections[index].socket, token: token, interest: interest)
            connections[index].interest = interest
        } catch {
            end(index)
        }
    }

    private func deadline(of index: Int) -> CoarseTime {
        connections[index].heard.advanced(byMilliseconds: patience)
    }

    private mutating func schedule(_ index: Int) {
        wheel.schedule(index, at: deadline(of: index))
    }

    private mutating func fireDeadlines() {
        due.removeAll(keepingCapacity: true)
        wheel.advance(to: now, due: &due)
        for index in due {
            // If bytes arrived since it was scheduled, the deadline has moved.
            if deadline(of: index) <= now { end(index) } else { schedule(index) }
        }
    }

    /// The connection ends with this tick.
    private mutating func end(_ index: Int) {
        guard connections[index].phase != .ended else { return }
        connections[index].phase = .ended
        ending.append(index)
    }

    private mutating func endConnections() {
        for index in ending {
            wheel.cancel(index)
            network.close(connections.remove(at: index).socket)
        }
        ending.removeAll(keepingCapacity: true)
    }

    private mutating func stop() {
        isRunning = false
        for socket in listeners { network.close(socket) }
        for index in 0..<connections.endIndex where connections.isUsed(index) { end(index) }
    }
}

extension StreamServer where Net == LinuxNetwork, Peer: ~Copyable {
    /// Makes a server on this machine, on every address of `host`, or on all addresses if it is
    /// nil. Termination signals end it. Make it before other threads start.
    public init(
        host: String? = nil, port: UInt16, capacity: Int = 10_000, patience: UInt64 = 60_000,
        makePeer: @escaping () -> Peer
    ) throws(SystemError) {
        let listening = try Listener.listen(host: host, port: port, sendBuffer: 0)
        let descriptors = try DescriptorLimit.raise()
        try self.init(
            network: LinuxNetwork(), listeners: listening.map(\.socket),
            capacity: min(capacity, descriptors - 16), patience: patience, makePeer: makePeer)
    }
}
