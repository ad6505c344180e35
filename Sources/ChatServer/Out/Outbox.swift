internal import Chat
internal import Reactor
internal import WebSocket

/// The bytes that wait to be sent, and the only caller of `Network.send`.
///
/// Chunks are queued in the rings of connections. Those connections are listed, and the end of the
/// tick works through the list, with one call for each connection. A chunk for a connection without
/// waiting bytes can be sent at once (``sendNow(to:in:over:at:)``).
struct Outbox: ~Copyable {
    var pool: ChunkPool
    private var gather = GatherList()
    /// The chunk in `gather`, while it is sent to one connection after another.
    private var loaded = ChunkID.none

    // Lists of this tick, emptied at its end. They are kept so that their memory is reused.
    private var flushing: [Int] = []
    /// Connections with more waiting bytes than one call takes. They are flushed in the next tick.
    private var unfinished: [Int] = []
    /// Connections that were flushed in this tick.
    private(set) var flushed: [Int] = []
    private var scratch: [UInt8] = []

    /// Chunks that are sent repeatedly, encoded once.
    private(set) var standing: StandingChunks
    /// Bytes of the chunks that are always kept.
    private(set) var ownBytes: Int

    private(set) var bytesSent: UInt64 = 0
    /// Lines that were handed completely to the kernel, once for each receiver.
    private(set) var linesSent: UInt64 = 0

    /// Makes an outbox whose pool holds the server's own chunks.
    init(pool: consuming ChunkPool, standing: StandingChunks) {
        ownBytes = pool.bytes
        self.pool = pool
        self.standing = standing
    }

    /// Clients of the rich dialect get this first event from now on.
    mutating func welcomeChanged(_ bytes: [UInt8]) {
        ownBytes -= pool.length(standing.welcome)
        standing.welcomeChanged(bytes, in: &pool)
        ownBytes += pool.length(standing.welcome)
    }

    /// Whether something is to be flushed in the next tick.
    var isPending: Bool { !flushing.isEmpty }

    // MARK: Queueing

    /// Queues a chunk for a connection. The ring takes its own reference.
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

    /// Queues the event that `write` appends as a message for one connection, or as an event of
    /// its event stream, which may have an id.
    mutating func enqueueEvent(
        for index: Int, lane: OutboundRing.Lane, in connections: inout Connections,
        at now: CoarseTime, id: [UInt8]? = nil, _ write: (inout [UInt8]) -> Void
    ) {
        let chunk =
            connections[index].isEventStream
            ? textEvent(id: id, write) : frameEvent(write)
        enqueue(chunk, for: index, lane: lane, in: &connections, at: now)
        pool.release(chunk)
    }

    /// Puts the event that `write` appends into a frame. The caller has its reference.
    mutating func frameEvent(_ write: (inout [UInt8]) -> Void) -> ChunkID {
        scratch.removeAll(keepingCapacity: true)
        write(&scratch)
        let length = scratch.count
        return pool.make(scratch, headSize: FrameEncoder.headerSize) { head in
            FrameEncoder.appendHeader(.text, length: length, to: &head)
        }
    }

    /// Makes an event of an event stream. The caller has its reference.
    mutating func textEvent(id: [UInt8]? = nil, _ write: (inout [UInt8]) -> Void) -> ChunkID {
        scratch.removeAll(keepingCapacity: true)
        write(&scratch)
        var text: [UInt8] = []
        EventText.append(scratch.span, id: id, to: &text)
        return pool.make(text)
    }

    /// Makes a piece of a message's frame. The first one is headed by the length of the message.
    /// The caller has its reference.
    mutating func piece(
        headed length: Int?, _ write: (inout [UInt8]) -> Void
    ) -> ChunkID {
        scratch.removeAll(keepingCapacity: true)
        write(&scratch)
        return pool.make(scratch, headSize: FrameEncoder.headerSize) { head in
            if let length { FrameEncoder.appendHeader(.text, length: length, to: &head) }
        }
    }

    /// Makes a frame with this payload. The caller has its reference.
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

    /// Ends the use of the loaded chunk, whose bytes may then be freed.
    @inline(__always)
    mutating func unload() { loaded = .none }

    /// Sends the loaded chunk to a connection without waiting bytes. Bytes that the kernel doesn't
    /// take go into a lane of the ring.
    @inline(__always)
    mutating func sendNow<Net: Network & ~Copyable>(
        to index: Int, lane: OutboundRing.Lane = .lines, in connections: inout Connections,
        over network: inout Net, at now: CoarseTime
    ) {
        let outcome = network.send(gather, to: connections[index].socket)
        connections[index].progressed = now
        if outcome == .sent(gather.byteCount) {
            bytesSent += UInt64(gather.byteCount)
            linesSent += UInt64(pool.lines(loaded))
            return
        }
        sentInPart(outcome, to: index, lane: lane, in: &connections, over: &network, at: now)
    }

    @inline(never)
    private mutating func sentInPart<Net: Network & ~Copyable>(
        _ outcome: SendOutcome, to index: Int, lane: OutboundRing.Lane,
        in connections: inout Connections,
        over network: inout Net, at now: CoarseTime
    ) {
        connections[index].outbound.append(loaded, to: lane, of: &pool)
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

    /// Offers a chunk once to a socket that is in no table.
    mutating func offer<Net: Network & ~Copyable>(
        _ chunk: ChunkID, to socket: Socket, over network: inout Net
    ) -> SendOutcome {
        load(chunk)
        defer { unload() }
        return network.send(gather, to: socket)
    }

    /// Sends waiting bytes, in one call for each connection. Afterwards ``flushed`` has the
    /// connections that were flushed, until ``forgetFlushed()``.
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
        swap(&flushing, &flushed)
        guard !unfinished.isEmpty else { return }
        for index in unfinished { scheduleFlush(index, in: &connections) }
        unfinished.removeAll(keepingCapacity: true)
    }

    private mutating func flush<Net: Network & ~Copyable>(
        _ index: Int, in connections: inout Connections, over network: inout Net,
        at now: CoarseTime
    ) {
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

    /// Clears ``flushed`` after its connections were followed up on.
    mutating func forgetFlushed() { flushed.removeAll(keepingCapacity: true) }
}
