internal import ChatClient
internal import Reactor

/// The connections of a run, on one thread: what they send goes out, what they receive is verified
/// and timed.
struct Crowd: ~Copyable {
    /// Connections that are in the opening handshake at the same time.
    static let openingAtOnce = 256
    /// Bytes that are read of one connection at once.
    private static let receiveBytes = 262_144
    /// Descriptors that are not for connections: standard streams, poller, signals.
    private static let otherDescriptors = 16
    /// Bytes of the longest message that a server may send.
    private static let messageBytes = 16 << 20

    let target: Target
    let size: Int
    let rules: ClientRules
    var network: LinuxNetwork
    /// The server's addresses; the first one is in use.
    var addresses: [SocketAddress]
    /// By number, from 0; none is ever removed.
    var clients: SlotTable<Client>
    var verifier: Verifier
    var timing = Timing()
    var outbox = Outbox()
    var random = SystemRandomNumberGenerator()
    var now: Instant

    /// Connections that were opened, and those that have ended since.
    var opened = 0
    var ended = 0
    var bytesReceived = 0
    /// Messages that are not of this run.
    var foreign = 0
    private(set) var interruptions = 0
    private var ready: [ReadyEvent] = []
    // Kept so that their memory is used again.
    var text: [UInt8] = []
    var frame: [UInt8] = []

    init(target: Target, size: Int, textBytes: Int) throws(Failure) {
        let addresses = try target.resolve()
        try Self.reserveDescriptors(for: size)
        let network = try Self.makeNetwork()
        rules = Self.makeRules()
        self.target = target
        self.size = size
        self.addresses = addresses
        now = network.now()
        self.network = network
        clients = SlotTable(capacity: size)
        let format = LineFormat(run: .random(in: 0 ... .max), textBytes: textBytes)
        verifier = Verifier(format: format, connections: size)
    }

    private static func reserveDescriptors(for size: Int) throws(Failure) {
        let limit: Int
        do throws(SystemError) {
            limit = try DescriptorLimit.raise()
        } catch {
            throw .system(error)
        }
        let needed = size + otherDescriptors
        guard needed <= limit else {
            throw Failure(
                "\(size) connections need \(needed) descriptors, and the hard limit is \(limit): "
                    + "raise that (ulimit -Hn), or use --connections "
                    + "\(limit - otherDescriptors) at most")
        }
    }

    private static func makeRules() -> ClientRules {
        var rules = ClientRules(messageBytes: messageBytes)
        // Who is closed is dropped at once.
        rules.answersCloses = false
        return rules
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

    /// One turn of the loop, which waits for at most so long.
    mutating func tick(milliseconds: Int32, buffer: inout [UInt8]) throws(Failure) {
        do throws(SystemError) {
            try network.wait(milliseconds: milliseconds, into: &ready)
        } catch {
            throw .system(error)
        }
        now = network.now()
        for event in ready {
            if event.token == .signals {
                try receivedSignals()
            } else {
                try becameReady(event.token.index, event.readiness, buffer: &buffer)
            }
        }
    }

    private mutating func receivedSignals() throws(Failure) {
        while network.takeSignal() != nil { interruptions += 1 }
        if interruptions > 1 { throw Failure("a second signal ended the run") }
    }

    private mutating func becameReady(
        _ index: Int, _ readiness: Readiness, buffer: inout [UInt8]
    ) throws(Failure) {
        switch clients[index].phase {
        case .connecting: try connected(index)
        case .connected:
            if readiness.contains(.writable) { flush(index) }
            if !readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) {
                try receive(index, buffer: &buffer)
            }
        case .ended: break
        }
    }

    /// The connection has ended by the server's doing, or must end because of it.
    mutating func end(_ index: Int, _ why: String) {
        if clients[index].isWanted { verifier.ended(index, why: why) }
        drop(index)
    }

    /// Closes the socket; a reset leaves no port behind that waits for its time to run out.
    mutating func drop(_ index: Int) {
        guard clients[index].phase != .ended else { return }
        clients[index].phase = .ended
        ended += 1
        network.abort(clients[index].socket)
    }
}
