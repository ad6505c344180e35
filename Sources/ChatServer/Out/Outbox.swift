internal import Reactor
internal import WebSocket

/// What waits to be sent, and the only caller of `Network.send`.
///
/// Chunks are queued in the rings of connections, and those connections stand in a list that the
/// end of the tick works off, one call a connection. A chunk that goes to a connection for which
/// nothing waits can be sent at once (``sendNow(to:in:over:at:)``).
struct Outbox: ~Copyable {
    var pool: ChunkPool
    private var gather = GatherList()
    /// The chunk that `gather` holds, while it is sent to one connection after the other.
    private var loaded = ChunkID.none

    // Lists of this tick, emptied at its end; kept so that their memory is used again.
    private var flushing: [Int] = []
    /// Connections for which more waits than one call takes; they are flushed next tick.
    private var unfinished: [Int] = []
    private var drained: [Int] = []
    private var scratch: [UInt8] = []

    /// What is sent again and again, encoded once.
    let standing: StandingChunks
    /// Bytes of the chunks that are kept whether somebody waits for them or not.
    let ownBytes: Int

    private(set) var bytesSent: UInt64 = 0
    /// Lines that were handed whole to the kernel, one for each receiver.
    private(set) var linesSent: UInt64 = 0

    /// An outbox whose pool holds what the server keeps for itself.
    init(pool: consuming ChunkPool, standing: StandingChunks) {
        ownBytes = pool.bytes
        self.pool = pool
        self.standing = standing
    }

    /// Whether something is to be flushed with the next tick.
    var isPending: Bool { !flushing.isEmpty }

    // MARK: Queueing

    /// Queues a chunk for a connection. The ring takes a reference of its own.
    mutating func enqueue(
        _ chunk: ChunkID, for index: Int, lane: OutboundRing.Lane,
        in connections: inout Connections, at now: CoarseTime
    ) {
        if connections[index].outbound.isEmpty { connections[index].progressed = now }
        connections[index].outbound.append(chunk, to: lane, of: &pool)
        scheduleFlush(index, in: &connections)
    }

    /// Queues the bytes that `write` appends, for one connection.
    mutating func enqueueBytes(
        for index: Int, lane: OutboundRing.Lane, in connections: inout Connections,
        at now: CoarseTime, _ write: (inout [UInt8]) -> Void
    ) {
        scratch.removeAll(keepingCapacity: true)
        write(&scratch)
        let chunk = pool.make(scratch)
        enqueue(chunk, for: index, lane: lane, in: &connections, at: now)
        pool.release(chunk)
    }

    /// Queues the event that `write` appends, as a message of its own, for one connection.
    mutating func enqueueEvent(
        for index: Int, lane: OutboundRing.Lane, in connections: inout Connections,
        at now: CoarseTime, _ write: (inout [UInt8]) -> Void
    ) {
        let chunk = frameEvent(write)
        enqueue(chunk, for: index, lane: lane, in: &connections, at: now)
        pool.release(chunk)
    }

    /// Puts the event that `write` appends into a frame of its own; the caller has its reference.
    mutating func frameEvent(_ write: (inout [UInt8]) -> Void) -> ChunkID {
        scratch.removeAll(keepingCapacity: true)
        write(&scratch)
        let length = scratch.count
        return pool.make(scratch, headSize: FrameEncoder.headerSize) { head in
            FrameEncoder.appendHeader(.text, length: length, to: &head)
        }
    }

    /// A frame with this payload; the caller has its reference.
    mutating func frame(_ opcode: Opcode, _ payload: Span<UInt8>) -> ChunkID {
        scratch.removeAll(keepingCapacity: true)
        FrameEncoder.append(opcode, payload, to: &scratch)
        return pool.make(scratch)
    }

    /// Puts the connection on the list of pending writes.
    mutating func scheduleFlush(_ index: Int, in connections: inout Connections) {
        if connections.claimFlush(index) { flushing.append(index) }
    }

    // MARK: Sending

    /// Loads a chunk, which is then sent to any number of connections.
    @inline(__always)
    mutating func load(_ chunk: ChunkID) {
        guard chunk != loaded else { return }
        gather.removeAll()
        pool.append(chunk, from: 0, to: &gather)
        loaded = chunk
    }

    /// What was loaded is sent no more, and its bytes may go.
    @inline(__always)
    mutating func unload() { loaded = .none }

    /// Sends the loaded chunk to a connection for which nothing waits. What the kernel leaves of it
    /// goes into the ring.
    @inline(__always)
    mutating func sendNow<Net: Network & ~Copyable>(
        to index: Int, in connections: inout Connections, over network: inout Net,
        at now: CoarseTime
    ) {
        let outcome = network.send(gather, to: connections[index].socket)
        connections[index].progressed = now
        if outcome == .sent(gather.byteCount) {
            bytesSent += UInt64(gather.byteCount)
            linesSent += UInt64(pool.lines(loaded))
            return
        }
        sentInPart(outcome, to: index, in: &connections, over: &network, at: now)
    }

    @inline(never)
    private mutating func sentInPart<Net: Network & ~Copyable>(
        _ outcome: SendOutcome, to index: Int, in connections: inout Connections,
        over network: inout Net, at now: CoarseTime
    ) {
        connections[index].outbound.append(loaded, to: .lines, of: &pool)
        switch outcome {
        case .sent(let count):
            bytesSent += UInt64(count)
            linesSent += UInt64(connections[index].outbound.sent(count, pool: &pool))
            connections.becameBlocked(index, over: &network)
        case .wouldBlock: connections.becameBlocked(index, over: &network)
        case .exhausted: connections.postpone(index, over: &network, at: now)
        case .broken: connections.part(index, .broken)
        }
    }

    /// Offers a chunk to a socket that stands in no table, once.
    mutating func offer<Net: Network & ~Copyable>(
        _ chunk: ChunkID, to socket: Socket, over network: inout Net
    ) -> SendOutcome {
        load(chunk)
        defer { unload() }
        return network.send(gather, to: socket)
    }

    /// Sends what waits, in one call a connection. ``takeDrained()`` has those whose ring has
    /// changed.
    mutating func flush<Net: Network & ~Copyable>(
        _ connections: inout Connections, over network: inout Net, at now: CoarseTime
    ) {
        unload()
        var place = 0
        while place < flushing.count {
            let index = flushing[place]
            place += 1
            if connections.beginFlush(index) {
                flush(index, in: &connections, over: &network, at: now)
            }
        }
        flushing.removeAll(keepingCapacity: true)
        guard !unfinished.isEmpty else { return }
        for index in unfinished { scheduleFlush(index, in: &connections) }
        unfinished.removeAll(keepingCapacity: true)
    }

    private mutating func flush<Net: Network & ~Copyable>(
        _ index: Int, in connections: inout Connections, over network: inout Net,
        at now: CoarseTime
    ) {
        drained.append(index)
        guard !connections[index].outbound.isEmpty else { return }
        gather.removeAll()
        connections[index].outbound.fill(&gather, from: pool)
        switch network.send(gather, to: connections[index].socket) {
        case .sent(let count):
            bytesSent += UInt64(count)
            linesSent += UInt64(connections[index].outbound.sent(count, pool: &pool))
            connections[index].progressed = now
            if count < gather.byteCount {
                connections.becameBlocked(index, over: &network)
            } else if !connections[index].outbound.isEmpty {
                unfinished.append(index)
            }
        case .wouldBlock: connections.becameBlocked(index, over: &network)
        case .exhausted: connections.postpone(index, over: &network, at: now)
        case .broken: connections.part(index, .broken)
        }
    }

    /// Connections whose turn to be flushed has come since this was last asked.
    mutating func takeDrained() -> [Int] {
        var taken: [Int] = []
        swap(&taken, &drained)
        return taken
    }

    /// Takes back the memory of that list, to use it again.
    mutating func giveBack(_ list: consuming [Int]) {
        list.removeAll(keepingCapacity: true)
        if drained.isEmpty { drained = list }
    }
}
