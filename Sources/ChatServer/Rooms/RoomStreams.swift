internal import Chat
internal import Reactor
internal import WebSocket

/// The streams of all rooms as their members get them: lines are encoded once into the open batch
/// of their room, sealed into one chunk for each encoding, and kept in the room's log.
struct RoomStreams: ~Copyable {
    private var streams: [RoomStream] = []
    private var batches: [OpenBatch] = []
    /// Open batches stand first in the list; the others wait to be used again.
    private(set) var openBatches = 0
    /// Rooms whose logs hold something: now and then it is seen which of them are idle.
    var warm = RoomList()
    /// What logs keep beyond their share.
    var growth: LogGrowth
    let limits: Limits
    /// One compressor for everybody, because it keeps nothing from one message to the next; nil if
    /// compression is off.
    private let deflater: Deflater?
    private var event: [UInt8] = []

    init(limits: Limits, deflater: Deflater?) {
        self.limits = limits
        growth = LogGrowth(budget: limits.bufferBudget)
        self.deflater = deflater
    }

    @inline(__always)
    subscript(room: RoomID) -> RoomStream {
        _read { yield streams[room.index] }
        _modify { yield &streams[room.index] }
    }

    /// Bytes that the largest log keeps.
    var largestLog: Int { streams.map(\.log.bytes).max() ?? 0 }
    /// Rooms that have an open batch.
    var roomsWithBatch: Int { streams.count { $0.batch != nil } }

    /// Whether a room has lines here, or members that take them deflated: a room that has vanished
    /// has neither.
    func keepsAnything(of room: RoomID) -> Bool {
        guard streams.indices.contains(room.index) else { return false }
        let stream = streams[room.index]
        return !stream.log.isEmpty || stream.batch != nil || stream.deflating != 0
    }

    /// The hub has a room of this number.
    mutating func appeared(_ room: RoomID) {
        while streams.count <= room.index { streams.append(RoomStream()) }
    }

    /// A member is in the room from now on.
    mutating func entered(_ room: RoomID, taking encoding: Encoding) {
        appeared(room)
        if encoding == .deflated { streams[room.index].deflating += 1 }
    }

    /// A member is in the room no more.
    mutating func left(_ room: RoomID, taking encoding: Encoding) {
        if encoding == .deflated { streams[room.index].deflating -= 1 }
    }

    /// The room's last member has left.
    mutating func vanished(_ room: RoomID, pool: inout ChunkPool) {
        streams[room.index].heldUntil = 0
        streams[room.index].log.trim(to: 0, pool: &pool)
        growth.want(0, for: room)
    }

    /// The oldest number that a room's log covers; nil if it is empty.
    func firstSeq(of room: RoomID) -> UInt64? { streams[room.index].log.firstSeq }

    // MARK: Lines

    /// Encodes a line, once, into its room's open batch. Returns whether the batch is full, and
    /// should be sealed now.
    ///
    /// - Parameter arePlain: neither text needs an escape in JSON.
    mutating func append(
        _ seq: UInt64, to room: RoomID, named name: RoomName, at time: TimestampText,
        _ username: Span<UInt8>, _ message: Span<UInt8>, arePlain: Bool
    ) -> Bool {
        let batch = openBatch(of: room, from: seq)
        if arePlain, streams[room.index].deflating == 0, batches[batch].isPlain {
            // Nearly always: straight to where it stays.
            let length = EventWriter.plainLineLength(
                room: name, seq: seq, username: username, message: message)
            batches[batch].append(seq, addingCapacity: FrameEncoder.headerSize + length) { frame in
                FrameEncoder.appendHeader(.text, length: length, to: &frame)
                EventWriter.plainLine(
                    room: name, seq: seq, time: time, username: username, message: message,
                    into: &frame)
            }
        } else {
            write(seq, of: name, at: time, username, message)
            let deflated = deflate(for: room)
            batches[batch].append(seq, event, deflated: deflated)
        }
        return batches[batch].byteCount >= Limits.chunkBytes
    }

    @inline(__always)
    private mutating func openBatch(of room: RoomID, from seq: UInt64) -> Int {
        if let open = streams[room.index].batch { return Int(open) }
        let place = openBatches
        if place == batches.count {
            batches.append(OpenBatch(room: room, from: seq))
        } else {
            batches[place].begin(in: room, from: seq)
        }
        openBatches += 1
        streams[room.index].batch = Int32(place)
        return place
    }

    /// Lines that were read from the store, as one batch that covers `seqs`; the caller has its
    /// references.
    mutating func encode(
        _ lines: [Line], covering seqs: ClosedRange<UInt64>, of room: RoomID,
        named name: RoomName, clock: inout Clock, pool: inout ChunkPool
    ) -> SealedBatch {
        var batch = OpenBatch(room: room, from: seqs.lowerBound)
        for line in lines {
            write(
                line.seq, of: name, at: clock.text(of: line.time), line.username.utf8.span,
                line.message.utf8.span)
            batch.append(line.seq, event, deflated: deflate(for: room))
        }
        let sealed = batch.seal(in: &pool)
        return SealedBatch(
            chunks: sealed.chunks, firstSeq: seqs.lowerBound, lastSeq: seqs.upperBound)
    }

    /// Writes a line's event into `event`.
    private mutating func write(
        _ seq: UInt64, of room: RoomName, at time: TimestampText, _ username: Span<UInt8>,
        _ message: Span<UInt8>
    ) {
        event.removeAll(keepingCapacity: true)
        EventWriter.line(
            room: room, seq: seq, time: time, username: username, message: message, into: &event)
    }

    /// The event deflated (RFC 7692 section 7.2.1), if somebody takes that and it pays.
    private mutating func deflate(for room: RoomID) -> [UInt8]? {
        guard streams[room.index].deflating > 0, let deflater, event.count >= Limits.deflateFrom
        else { return nil }
        var packed: [UInt8] = []
        packed.reserveCapacity(event.count)
        deflater.deflate(event.span, into: &packed)
        return packed.count < event.count ? packed : nil
    }

    // MARK: Batches

    /// Seals what was said in a room since its last batch; nil if that is nothing. The caller hands
    /// the batch to the members and then to ``keep(_:of:_:_:at:pool:)``.
    @inline(__always)
    mutating func seal(_ room: RoomID, pool: inout ChunkPool) -> SealedBatch? {
        guard let open = streams[room.index].batch else { return nil }
        streams[room.index].batch = nil
        return batches[Int(open)].seal(in: &pool)
    }

    /// A sealed batch is in the room's log from now on, which has its references.
    @inline(__always)
    mutating func keep(
        _ batch: SealedBatch, of room: RoomID, _ hub: borrowing Hub,
        _ connections: borrowing Connections, at now: CoarseTime, pool: inout ChunkPool
    ) {
        warmUp(room, at: now)
        streams[room.index].log.append(batch, at: now, pool: pool)
        if isOverfull(room) { trim(room, hub, connections, at: now, pool: &pool) }
    }

    /// The room of an open batch; nil if that one was sealed in the middle of the tick.
    @inline(__always)
    func room(ofBatch place: Int) -> RoomID? {
        let room = batches[place].room
        return streams[room.index].batch == Int32(place) ? room : nil
    }

    /// An open batch stays, as the one with a lower number.
    mutating func move(batch place: Int, to lower: Int) {
        let room = batches[place].room
        batches.swapAt(lower, place)
        streams[room.index].batch = Int32(lower)
    }

    /// Only the first batches are open now.
    @inline(__always)
    mutating func closeBatches(from count: Int) { openBatches = count }

    /// The last number of a room that is in its log: those behind it are in a batch that is held.
    func sealedSeq(of room: RoomID, last: UInt64) -> UInt64 {
        guard let batch = streams[room.index].batch else { return last }
        return batches[Int(batch)].firstSeq - 1
    }
}
