package import Reactor

/// A TCP connection, both ends of it, with what the kernels in between keep.
///
/// The methods here are the client's; the server's end is worked by ``SimulatedNetwork``.
package final class Link {
    package let address: SocketAddress
    /// Bytes that the server's kernel keeps for a client that doesn't read.
    let sendBuffer: Int
    /// Bytes that it keeps for a server that doesn't read.
    let receiveBuffer: Int
    private unowned let world: World

    var toServer = ByteQueue()
    var toClient = ByteQueue()
    /// The client has shut down its sending half.
    private(set) var clientFinished = false
    /// The server has.
    var serverFinished = false
    private(set) var clientClosed = false
    package private(set) var isReset = false
    /// Neither end wanted it to end.
    package private(set) var isBroken = false

    // The server's end.
    var descriptor = Socket.none
    var token: Token?
    var interest: Interest = []
    /// It was told that a write would block, and not yet that the socket is writable.
    var isBlocked = false
    /// When a write, or a read, last found no memory.
    var exhaustedSend: Instant?
    var exhaustedRead: Instant?
    /// The tick in which it was last read from, or written to, and how often.
    private var turn = 0
    private var (reads, writes) = (0, 0)
    /// Stands in the world's list of what may be ready.
    var isCandidate = false

    init(world: World, address: SocketAddress, sendBuffer: Int, receiveBuffer: Int) {
        self.world = world
        self.address = address
        self.sendBuffer = sendBuffer
        self.receiveBuffer = receiveBuffer
    }

    /// Sends what there is room for; how many bytes that was.
    package func write(_ bytes: some Collection<UInt8>) -> Int {
        guard !isReset, !clientFinished else { return bytes.count }
        let count = min(bytes.count, receiveBuffer - toServer.count)
        toServer.append(bytes.prefix(count))
        world.mayBeReady(self)
        return count
    }

    /// What has come, at most `limit` bytes.
    package func read(_ limit: Int) -> [UInt8] {
        let bytes = toClient.take(limit)
        if !bytes.isEmpty { world.mayBeReady(self) }
        return bytes
    }

    /// Whether the server has ended its half, and everything before that was read.
    package var isAtEnd: Bool { serverFinished && toClient.isEmpty }

    package func finishWriting() {
        clientFinished = true
        world.mayBeReady(self)
    }

    /// The client's program closes its socket. What it didn't read makes that a reset, as what
    /// still comes will (RFC 9293 section 3.6.1).
    package func close() {
        clientClosed = true
        guard toClient.isEmpty else { return reset() }
        finishWriting()
    }

    /// The network loses the connection.
    package func breakOff() {
        isBroken = true
        reset()
    }

    /// The poller has failed the server, which must close the connection without a word.
    func becameUnwatched() {
        isBroken = true
    }

    /// One end drops the connection. Bytes that were on their way may be lost.
    package func reset() {
        guard !isReset else { return }
        isReset = true
        toClient.removeAll()
        if Bool.random(using: &world.random) { toServer.removeAll() }
        world.mayBeReady(self)
    }

    /// The server reads from it. Once in a tick is its share: others wait.
    func countRead() {
        beginTurn()
        reads += 1
        if reads > 1 { world.violate("\(descriptor.rawValue) is read \(reads) times a tick") }
    }

    /// The server writes to it: once in the flush of a tick, once with a fan-out, because that may
    /// show that it must be closed, and once with the response of a handshake or a ping.
    func countWrite() {
        beginTurn()
        writes += 1
        if writes > 3 { world.violate("\(descriptor.rawValue) is sent to \(writes) times a tick") }
    }

    private func beginTurn() {
        guard turn != world.turn else { return }
        turn = world.turn
        (reads, writes) = (0, 0)
    }

    /// What epoll would report of the server's end (epoll_ctl(2)).
    var readiness: Readiness {
        var readiness: Readiness = []
        if interest.contains(.readable) {
            if !toServer.isEmpty || clientFinished || isReset { readiness.insert(.readable) }
            if clientFinished || isReset { readiness.insert(.peerClosed) }
        }
        // Linux calls a socket writable when a third of its buffer is free.
        let isRoomy = (sendBuffer - toClient.count) * 3 >= sendBuffer
        if interest.contains(.writable), isRoomy || isReset { readiness.insert(.writable) }
        if isReset || clientFinished && serverFinished { readiness.insert(.broken) }
        return readiness
    }
}
