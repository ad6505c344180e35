internal import Chat
internal import ChatClient
internal import Reactor
internal import TLS

/// The connections of a process, on one thread. It sends their lines, and verifies and times what
/// they receive.
struct Crowd: ~Copyable {
    /// Bytes of one read from a connection.
    private static let receiveBytes = 262_144
    /// Descriptors that aren't for connections: standard streams, poller, signals.
    private static let otherDescriptors = 24
    /// Bytes of the longest message that a server may send.
    private static let messageBytes = 16 << 20
    /// Bytes of latest frames that all rooms keep together, and the minimum for each.
    private static let ringBytes = 8 << 20
    private static let leastRingBytes = 1 << 16
    /// How late the kernel may wake us.
    private static let timerSlack: UInt64 = 1_000

    let share: Share
    let target: Target
    private(set) var rules: ClientRules
    /// Nil if the server has no TLS.
    let tls: TLSClientContext?
    var network: LinuxNetwork
    /// The server's addresses. The first one is in use.
    var addresses: [SocketAddress]
    /// Clients by number, from 0. None is ever removed.
    var clients: SlotTable<Client>
    /// Verifiers by room. Connections are assigned to the rooms in turn.
    var verifiers: [Verifier]
    let rooms: Int
    var timing = Timing()
    var outbox = Outbox()
    var random = SystemRandomNumberGenerator()
    var now: Instant

    /// Connections in the opening handshake, and those inside.
    var opening = 0
    var inside = 0
    /// Handshakes that have succeeded.
    var opened = 0
    var handshakes = Latencies()
    var reconnects = Latencies()
    /// Whether a connection that can't be opened is tried again instead of ending the run.
    var isForgiving = false
    /// Whether Closes were sent, so that connections may end.
    var isClosing = false
    /// Connections to open again, and when.
    var returning: [(index: Int, due: Instant)] = []
    /// Connections that have left and aren't back.
    var gone = 0
    /// Failed attempts to get back, and connections that got back and missed nothing.
    var retries = 0
    var resumed = 0
    /// Stalled clients that the server closed, and lines that it announced it won't deliver.
    var stalledClosed = 0
    var announced = 0
    /// The epoch of each room's numbers.
    var epochs: [String]
    var bytesReceived = 0
    /// Messages that aren't of this run.
    var foreign = 0
    /// Whether senders wait for their own lines, and those that have received one since.
    var collectsEchoes = false
    var echoes: [Int] = []
    private(set) var interruptions = 0
    /// Whether the conductor has sent something.
    var isCalled = false
    private var ready: [ReadyEvent] = []
    // Kept so that their memory is reused.
    var text: [UInt8] = []
    var frame: [UInt8] = []
    var sealed: [UInt8] = []
    /// As long as the largest read if there is TLS.
    var plaintext: [UInt8] = []

    init(_ share: Share) throws(Failure) {
        let settings = share.settings
        let target = try Target(url: settings.url)
        let addresses = try target.resolve()
        try Self.reserveDescriptors(for: share)
        let tls = try Self.makeTLS(target, settings)
        let network = try Self.makeNetwork()
        self.addresses = addresses
        self.target = target
        self.share = share
        network.setTimerSlack(nanoseconds: Self.timerSlack)
        rules = Self.makeRules(settings.dialect)
        self.tls = tls
        if target.isSecure { plaintext = Self.makeReceiveBuffer() }
        now = network.now()
        self.network = network
        rooms = share.rooms
        epochs = Array(repeating: "", count: rooms)
        verifiers = Self.makeVerifiers(share)
        clients = SlotTable(capacity: share.size)
        for _ in 0..<share.size { _ = clients.insert(Client()) }
    }

    private static func makeVerifiers(_ share: Share) -> [Verifier] {
        let format = LineFormat(run: share.run, textBytes: share.settings.payload)
        let everybody = Numbering(count: share.total)
        let ringBytes = max(Self.ringBytes / share.rooms, leastRingBytes)
        return (0..<share.rooms).map { room in
            Verifier(
                format: format, members: share.members(ofRoom: room),
                senders: share.settings.scenario == .rooms ? nil : everybody,
                log: LineLog(ringBytes: ringBytes))
        }
    }

    private static func reserveDescriptors(for share: Share) throws(Failure) {
        let limit: Int
        do throws(SystemError) {
            limit = try DescriptorLimit.raise()
        } catch {
            throw .system(error)
        }
        let needed = share.size + otherDescriptors
        guard needed <= limit else {
            throw Failure(
                "--connections \(share.settings.connections): \(needed) descriptors are needed in "
                    + "one process, and the hard limit is \(limit); raise that (ulimit -Hn), use "
                    + "more --processes, or --connections "
                    + "\((limit - otherDescriptors) * share.count) at most")
        }
    }

    private static func makeRules(_ dialect: Dialect) -> ClientRules {
        let subprotocols = dialect == .plain ? [] : [Subprotocol.rich]
        var rules = ClientRules(messageBytes: messageBytes, subprotocols: subprotocols)
        // A connection that is closed is dropped at once.
        rules.answersCloses = false
        return rules
    }

    /// Stops asking for a subprotocol, and starts over with connection 0.
    mutating func speakPlain() throws(Failure) {
        rules = Self.makeRules(.plain)
        foreign = 0
        clients[0].isRich = false
        drop(0)
        try begin(0, due: now)
    }

    private static func makeNetwork() throws(Failure) -> LinuxNetwork {
        do throws(SystemError) {
            return try LinuxNetwork()
        } catch {
            throw .system(error)
        }
    }

    static func makeReceiveBuffer() -> [UInt8] {
        Array(repeating: 0, count: receiveBytes)
    }

    /// The room of a connection, and its index among the room's members.
    func room(of index: Int) -> Int { rooms == 1 ? 0 : index % rooms }
    func member(_ index: Int) -> Int { rooms == 1 ? index : index / rooms }
    /// The connection's number across all processes.
    func number(_ index: Int) -> Int { share.first + index }

    var linesSent: Int { verifiers.reduce(0) { $0 + $1.linesSent } }
    var delivered: Int { verifiers.reduce(0) { $0 + $1.delivered } }
    var isComplete: Bool { verifiers.allSatisfy(\.isComplete) }

    /// One turn of the loop. It waits for at most this long.
    mutating func tick(nanoseconds: UInt64, buffer: inout [UInt8]) throws(Failure) {
        do throws(SystemError) {
            try network.wait(nanoseconds: nanoseconds, into: &ready)
        } catch {
            throw .system(error)
        }
        now = network.now()
        for event in ready {
            if event.token == .signals {
                try receivedSignals()
            } else if event.token.listener != nil {
                isCalled = true
            } else {
                try becameReady(event.token.index, event.readiness, buffer: &buffer)
            }
        }
    }

    private mutating func receivedSignals() throws(Failure) {
        while network.takeSignal() != nil { interruptions += 1 }
        if interruptions > 1 { throw Failure("a second signal ended the run") }
    }

    /// Ends the run early, like a signal.
    mutating func interrupt() { interruptions = max(interruptions, 1) }

    private mutating func becameReady(
        _ index: Int, _ readiness: Readiness, buffer: inout [UInt8]
    ) throws(Failure) {
        switch clients[index].phase {
        case .connecting: try connected(index)
        case .connected:
            if readiness.contains(.writable) { try flush(index) }
            if !readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) {
                try receive(index, buffer: &buffer)
            }
        case .closed: break
        }
    }

    /// The server has ended the connection, or has done something that ends it.
    mutating func end(_ index: Int, _ why: String) throws(Failure) {
        guard !isClosing else { return drop(index) }
        guard clients[index].isInside else { return try failedToOpen(index, Failure(why)) }
        let (room, member) = (room(of: index), member(index))
        if clients[index].wasStalled {
            stalledClosed += 1
            verifiers[room].left(member)
        } else {
            verifiers[room].ended(member, why: why)
        }
        drop(index)
    }

    /// Closes the socket with a reset, so that its port doesn't stay in TIME_WAIT.
    mutating func drop(_ index: Int) {
        guard clients[index].phase != .closed else { return }
        if clients[index].isInside { inside -= 1 } else { opening -= 1 }
        clients[index].isInside = false
        clients[index].phase = .closed
        clients[index].pending = []
        clients[index].tls = nil
        network.abort(clients[index].socket)
    }
}
