internal import Reactor
internal import TLS

/// The echo server: one loop that reads and echoes, and that writes and closes at the end of each
/// tick.
struct EchoServer: ~Copyable {
    var network: EchoNetwork
    private let listeners: [Socket]
    var connections: SlotTable<Connection>
    var wheel: TimerWheel
    /// The clock, read once a tick.
    var now: CoarseTime
    private var isRunning = true

    // Lists of this tick. They are emptied at its end.
    private var ready: [ReadyEvent] = []
    private var due: [Int] = []
    var flushing: [Int] = []
    var ending: [Int] = []

    /// Makes a server for `capacity` clients on sockets that are already listening.
    init(
        network: consuming EchoNetwork, listeners: [Socket], capacity: Int
    ) throws(SystemError) {
        for (number, socket) in listeners.enumerated() {
            try network.register(socket, token: .listener(number), interest: .readable)
        }
        self.listeners = listeners
        connections = SlotTable(capacity: capacity)
        now = CoarseTime(network.now())
        wheel = TimerWheel(now: now)
        self.network = network
    }

    /// Runs until a termination signal arrives.
    mutating func run() throws(SystemError) {
        var buffer = [UInt8](repeating: 0, count: EchoLimits.receiveBuffer)
        while isRunning { try tick(buffer: &buffer) }
    }

    private mutating func tick(buffer: inout [UInt8]) throws(SystemError) {
        let patience = wheel.stepsToNext.map { Int32($0) * Int32(CoarseTime.step) }
        try network.wait(milliseconds: patience, into: &ready)
        now = CoarseTime(network.now())
        for event in ready {
            if event.token == .signals {
                isRunning = network.takeSignal() == nil
            } else if let number = event.token.listener {
                try accept(from: listeners[number])
            } else if connections.contains(event.token) {
                becameReady(event.token.index, event.readiness, buffer: &buffer)
            }
        }
        fireDeadlines()
        flush()
        endConnections()
    }

    /// Accepts waiting connections. There are enough descriptors for a full table. If `accept`
    /// still finds none, no suite can run on this machine: the program ends with an error.
    private mutating func accept(from listener: Socket) throws(SystemError) {
        for _ in 0..<EchoLimits.acceptsPerTick {
            switch try network.accept(from: listener) {
            case .connection(let socket, _): try accepted(socket)
            case .aborted: continue
            case .wouldBlock: return
            case .exhausted(let error): throw error
            }
        }
    }

    private mutating func accepted(_ socket: Socket) throws(SystemError) {
        guard let token = connections.insert(Connection(socket: socket)) else {
            return network.close(socket)
        }
        try network.register(socket, token: token, interest: .readable)
        wheel.schedule(
            token.index, at: now.advanced(byMilliseconds: EchoLimits.handshakeTimeout))
    }

    private mutating func becameReady(
        _ index: Int, _ readiness: Readiness, buffer: inout [UInt8]
    ) {
        if readiness.contains(.writable), connections[index].isBlocked {
            connections[index].isBlocked = false
            scheduleFlush(index)
        }
        if !connections[index].interest.contains(.readable) {
            // Errors and hang-ups are reported for any interest.
            if readiness.contains(.broken) { end(index) }
        } else if !readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) {
            receive(index, buffer: &buffer)
            updateInterest(index)
        }
    }

    /// Only a handshake and a closing have a deadline, because a suite may be silent in between.
    private mutating func fireDeadlines() {
        due.removeAll(keepingCapacity: true)
        wheel.advance(to: now, due: &due)
        for index in due { end(index) }
    }
}
