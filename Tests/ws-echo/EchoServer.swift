internal import Reactor

/// The echo server: one loop that reads, echoes, and at the end of each tick writes and closes.
struct EchoServer: ~Copyable {
    var network: LinuxNetwork
    private let listeners: [Socket]
    var connections: SlotTable<Connection>
    var wheel: TimerWheel
    /// The clock, read once a tick.
    var now: CoarseTime
    private var isRunning = true

    // Lists of this tick, emptied at its end.
    private var ready: [ReadyEvent] = []
    private var due: [Int] = []
    var flushing: [Int] = []
    var ending: [Int] = []

    /// A server for `capacity` clients on sockets that listen already.
    init(
        network: consuming LinuxNetwork, listeners: [Socket], capacity: Int
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

    /// Runs until a termination signal comes.
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

    /// Takes who waits. Descriptors suffice for a full table, so that an `accept` which finds none
    /// means a machine on which no suite can go on: the program ends and says so.
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
            // Errors and hang-ups are reported whatever the interest is.
            if readiness.contains(.broken) { end(index) }
        } else if !readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) {
            receive(index, buffer: &buffer)
            updateInterest(index)
        }
    }

    /// Only a handshake and a closing have a deadline: a suite may be silent in between.
    private mutating func fireDeadlines() {
        due.removeAll(keepingCapacity: true)
        wheel.advance(to: now, due: &due)
        for index in due { end(index) }
    }
}
