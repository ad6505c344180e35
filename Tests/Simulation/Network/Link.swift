package import Reactor
internal import TestSupport

/// A TCP connection: both ends, and the bytes that the kernels between them hold.
///
/// These methods are for the client. ``SimulatedNetwork`` works the server's end.
package final class Link {
    package let address: SocketAddress
    /// Bytes that the server's kernel holds for a client that doesn't read.
    let sendBuffer: Int
    /// Bytes that it holds for a server that doesn't read.
    let receiveBuffer: Int
    private unowned let world: World

    /// What encrypts the client's bytes. Nil if they aren't encrypted.
    private var veil: Veil?

    var toServer = ByteQueue()
    var toClient = ByteQueue()
    /// Whether the client has shut down its sending half.
    private(set) var clientFinished = false
    /// Whether the server has shut down its sending half.
    var serverFinished = false
    private(set) var clientClosed = false
    package private(set) var isReset = false
    /// Whether the connection was lost although neither end ended it.
    package private(set) var isBroken = false

    // The server's end.
    var descriptor = Socket.none
    var token: Token?
    var interest: Interest = []
    /// Whether the server was told that a write would block, and not yet that the socket is
    /// writable.
    var isBlocked = false
    /// When a write or a read last failed for lack of memory.
    var exhaustedSend: Instant?
    var exhaustedRead: Instant?
    /// The tick of the last read or write, and their numbers in it.
    private var turn = 0
    private var (reads, writes) = (0, 0)
    /// Whether it is in the world's list of links that may be ready.
    var isCandidate = false

    init(world: World, address: SocketAddress, sendBuffer: Int, receiveBuffer: Int) {
        veil = world.isVeiled ? Veil() : nil
        self.world = world
        self.address = address
        self.sendBuffer = sendBuffer
        self.receiveBuffer = receiveBuffer
    }

    /// Sends as many bytes as there is room for, and returns their number.
    package func write(_ bytes: some Collection<UInt8>) -> Int {
        guard !isReset, !clientFinished else { return bytes.count }
        guard veil == nil else {
            veil?.write(bytes, &world.random)
            if world.random.happens(world.faults.resets) { damage() }
            _ = flush()
            return bytes.count
        }
        let count = min(bytes.count, receiveBuffer - toServer.count)
        toServer.append(bytes.prefix(count))
        world.mayBeReady(self)
        return count
    }

    /// A byte is changed on its way. The server must end the connection.
    private func damage() {
        isBroken = true
        veil?.damage(&world.random)
    }

    /// Gives encrypted bytes to the kernel: all, or a part that ends anywhere. Returns whether
    /// there were any.
    func flush() -> Bool {
        guard let count = veil?.unsent.count, count > 0 else { return false }
        guard !isReset, !clientFinished else {
            _ = veil?.take(.max)
            return false
        }
        let part =
            world.random.happens(world.faults.cuts) ? world.random.number(in: 1...count) : count
        let room = max(receiveBuffer - toServer.count, 0)
        guard room > 0 else { return false }
        toServer.append(veil?.take(min(part, room)) ?? [])
        world.mayBeReady(self)
        return true
    }

    /// Whether everything that the client has written is on its way.
    var isFlushed: Bool { veil?.isFlushed ?? true }

    /// Takes received bytes, at most `limit`.
    package func read(_ limit: Int) -> [UInt8] {
        let bytes = toClient.take(limit)
        if !bytes.isEmpty {
            // A part of an encrypted record is no byte yet for a client with a small appetite.
            world.progressed()
            world.mayBeReady(self)
        }
        guard veil != nil else { return bytes }
        let plaintext = veil?.read(bytes) ?? []
        if let violation = veil?.violation, !isBroken { world.violate(violation) }
        return plaintext
    }

    /// Whether the server has ended its half and everything before that was read.
    package var isAtEnd: Bool { serverFinished && toClient.isEmpty }

    package func finishWriting() {
        if isFlushed, !clientFinished {
            veil?.finish()
            toServer.append(veil?.take(.max) ?? [])
        }
        clientFinished = true
        world.mayBeReady(self)
    }

    /// The client's program closes its socket. Unread bytes turn that into a reset, and so do bytes
    /// that arrive later (RFC 9293 section 3.6.1).
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

    /// The poller has failed. The server must close the connection without sending anything.
    func becameUnwatched() {
        isBroken = true
    }

    /// One end drops the connection. Bytes in flight may be lost.
    package func reset() {
        guard !isReset else { return }
        isReset = true
        toClient.removeAll()
        if Bool.random(using: &world.random) { toServer.removeAll() }
        world.mayBeReady(self)
    }

    /// The server reads from the link. It may do so once in a tick, so that others don't wait.
    func countRead() {
        beginTurn()
        reads += 1
        if reads > 1 { world.violate("\(descriptor.rawValue) is read \(reads) times a tick") }
    }

    /// The server writes to the link. It may do so once in the flush of a tick, once in a fan-out,
    /// where a write may show that the connection must be closed, and once for a handshake's
    /// response or a ping.
    func countWrite() {
        beginTurn()
        writes += 1
        // A record of 16 KiB is a write.
        if writes > (veil == nil ? 3 : 40) {
            world.violate("\(descriptor.rawValue) is sent to \(writes) times a tick")
        }
    }

    private func beginTurn() {
        guard turn != world.turn else { return }
        turn = world.turn
        (reads, writes) = (0, 0)
    }

    /// The readiness that epoll would report for the server's end (epoll_ctl(2)).
    var readiness: Readiness {
        var readiness: Readiness = []
        if interest.contains(.readable) {
            if !toServer.isEmpty || clientFinished || isReset { readiness.insert(.readable) }
            if clientFinished || isReset { readiness.insert(.peerClosed) }
        }
        // Linux reports a socket as writable if a third of its buffer is free.
        let isRoomy = (sendBuffer - toClient.count) * 3 >= sendBuffer
        if interest.contains(.writable), isRoomy || isReset { readiness.insert(.writable) }
        if isReset || clientFinished && serverFinished { readiness.insert(.broken) }
        return readiness
    }
}
