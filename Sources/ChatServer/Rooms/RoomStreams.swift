internal import Chat
internal import Reactor
internal import WebSocket

/// The streams of all rooms as their members get them. A line is encoded once into the open batch
/// of its room, sealed into one chunk for each encoding, and kept in the room's log.
struct RoomStreams: ~Copyable {
    private var streams: [RoomStream] = []
    private var batches: [OpenBatch] = []
    /// The number of open batches. They are first in the list; the others wait for reuse.
    private(set) var openBatches = 0
    /// Rooms with a log. At intervals they are checked for idle ones.
    var warm = RoomList()
    /// The rooms' answers to `members`.
    var memberAnswers = MemberAnswers()
    /// What logs keep beyond their share.
    var growth: LogGrowth
    /// What each room's log may keep.
    private(set) var logBytes: Int
    /// One compressor for all connections, because it keeps nothing between messages. Nil if
    /// compression is off.
    private var deflater: Deflater?
    private var event: [UInt8] = []

    init(limits: Limits, deflater: Deflater?) {
        logBytes = limits.roomLogBytes
        growth = LogGrowth(budget: Self.growthBudget(limits))
        self.deflater = deflater
    }

    private static func growthBudget(_ limits: Limits) -> Int {
        limits.roomLogsGrow ? limits.bufferBudget : 0
    }

    /// New limits hold from now on: logs that are too large are trimmed. Members that take
    /// compressed lines go on taking them, whether or not new ones do.
    mutating func settingsChanged(
        _ limits: Limits, compression: Bool, _ hub: borrowing Hub,
        _ connections: borrowing Connections, at now: CoarseTime, pool: inout ChunkPool
    ) {
        logBytes = limits.roomLogBytes
        growth.budgetChanged(Self.growthBudget(limits))
        if compression, deflater == nil { deflater = WireRules.makeDeflater() }
        for index in streams.indices where !streams[index].log.isEmpty {
            trim(RoomID(rawValue: UInt32(index)), hub, connections, at: now, pool: &pool)
        }
    }

    @inline(__always)
    subscript(room: RoomID) -> RoomStream {
        _read { yield streams[room.index] }
        _modify { yield &streams[room.index] }
    }

    /// Bytes of the largest log.
    var largestLog: Int { streams.map(\.log.bytes).max() ?? 0 }
    /// The number of rooms with an open batch.
    var roomsWithBatch: Int { streams.count { $0.batch != nil } }

    /// Whether a room has lines here, or members that take deflated ones. A vanished room has
    /// neither.
    func keepsAnything(of room: RoomID) -> Bool {
        guard streams.indices.contains(room.index) else { return false }
        let stream = streams[room.index]
        return !stream.log.isEmpty || stream.batch != nil || stream.deflating != 0
            || stream.streaming != 0 || stream.placing != 0
    }

    /// The hub has a room with this number.
    mutating func appeared(_ room: RoomID) {
        while streams.count <= room.index { streams.append(RoomStream()) }
    }

    /// Forgets rooms from number `count` on, and the buffers of batches.
    mutating func forget(from count: Int) {
        streams = Array(streams.prefix(count))
        batches = []
    }

    /// A member has entered the room.
    mutating func entered(_ room: RoomID, taking encoding: Encoding) {
        appeared(room)
        count(encoding, in: room, by: 1)
    }

    /// A member has left the room.
    mutating func left(_ room: RoomID, taking encoding: Encoding) {
        count(encoding, in: room, by: -1)
    }

    /// The room's last member has left.
    mutating func vanished(_ room: RoomID, pool: inout ChunkPool) {
        streams[room.index].heldUntil = 0
        streams[room.index].forgetSurvey()
        streams[room.index].changes = RoomChanges()
        memberAnswers.vanished(room)
        shrink(room, to: 0, pool: &pool)
    }

    /// The oldest number in a room's log. Nil if the log is empty.
    func firstSeq(of room: RoomID) -> UInt64? { streams[room.index].log.firstSeq }

    // MARK: Lines

    /// Encodes a line, once, into its room's open batch. Returns whether the batch is full and
    /// should be sealed now.
    ///
    /// - Parameters:
    ///   - author: nil if it is a guest; a copy of nothing is cheaper than one of a guest.
    ///   - arePlain: neither text needs an escape in JSON, and the author is a guest.
    mutating func append(
        _ seq: UInt64, to room: RoomID, named name: RoomName, at time: TimestampText,
        _ username: Span<UInt8>, _ message: Span<UInt8>, by author: Author? = nil,
        arePlain: Bool
    ) -> Bool {
        let batch = openBatch(of: room, from: seq)
        if arePlain, streams[room.index].deflating == 0, batches[batch].isPlain {
            // The usual case: write directly to the final place.
            let length = EventWriter.plainLineLength(
                room: name, seq: seq, username: username, message: message)
            batches[batch].append(seq, addingCapacity: FrameEncoder.headerSize + length) { frame in
                FrameEncoder.appendHeader(.text, length: length, to: &frame)
                EventWriter.plainLine(
                    room: name, seq: seq, time: time, username: username, message: message,
                    into: &frame)
            }
        } else {
            write(seq, of: name, at: time, username, message, author ?? .guest)
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

    /// Encodes lines from the store as one batch that covers `seqs`. They aren't compressed: that
    /// would take as long as hundreds of new lines. The caller has the batch's references.
    mutating func encode(
        _ lines: [Line], covering seqs: ClosedRange<UInt64>, of room: RoomID,
        named name: RoomName, clock: inout Clock, pool: inout ChunkPool
    ) -> SealedBatch {
        var (batch, marked) = (OpenBatch(room: room, from: seqs.lowerBound), [UInt8]())
        let isMarked = lines.contains(where: \.isDeleted)
        for line in lines {
            if line.isDeleted {
                event.removeAll(keepingCapacity: true)
                EventWriter.mark(room: name, seq: line.seq, into: &event)
            } else {
                write(
                    line.seq, of: name, at: clock.text(of: line.time), line.username.utf8.span,
                    line.message.utf8.span, line.author)
                batch.append(line.seq, event, deflated: nil)
            }
            if isMarked { FrameEncoder.append(.text, event.span, to: &marked) }
        }
        var chunks = batch.seal(in: &pool).chunks
        if isMarked {
            let chunk = pool.make(marked, lines: lines.count)
            chunks = EncodedChunks(
                plain: chunks.plain, deflated: chunks.deflated, marked: chunk,
                markedDeflated: chunk)
        }
        return SealedBatch(
            chunks: chunks, firstSeq: seqs.lowerBound, lastSeq: seqs.upperBound)
    }

    /// Writes a line's event into `event`.
    private mutating func write(
        _ seq: UInt64, of room: RoomName, at time: TimestampText, _ username: Span<UInt8>,
        _ message: Span<UInt8>, _ author: Author
    ) {
        event.removeAll(keepingCapacity: true)
        EventWriter.line(
            room: room, seq: seq, time: time, username: username, message: message, by: author,
            into: &event)
    }

    /// The deflated event (RFC 7692 section 7.2.1). Nil if no member takes it, or if it isn't worth
    /// it.
    private mutating func deflate(for room: RoomID) -> [UInt8]? {
        guard streams[room.index].deflating > 0, let deflater, event.count >= Limits.deflateFrom
        else { return nil }
        var packed: [UInt8] = []
        packed.reserveCapacity(event.count)
        deflater.deflate(event.span, into: &packed)
        return packed.count < event.count ? packed : nil
    }

    // MARK: Batches

    /// Seals a room's lines since its last batch. Nil if there are none. The caller hands the batch
    /// to the members and then to ``keep(_:of:at:pool:)``.
    @inline(__always)
    mutating func seal(_ room: RoomID, pool: inout ChunkPool) -> SealedBatch? {
        guard let open = streams[room.index].batch else { return nil }
        streams[room.index].batch = nil
        return batches[Int(open)].seal(in: &pool)
    }

    /// Puts a sealed batch into its room's log, which takes over its references. Returns whether
    /// the log has become too large, so that the caller trims it.
    // Handing on the hub and the connections for that would copy them with each batch.
    @inline(__always)
    mutating func keep(
        _ batch: SealedBatch, of room: RoomID, at now: CoarseTime, pool: borrowing ChunkPool
    ) -> Bool {
        warmUp(room, at: now)
        streams[room.index].log.append(batch, at: now, pool: pool)
        return isOverfull(room)
    }

    /// The room of an open batch. Nil if the batch was sealed in the middle of the tick.
    @inline(__always)
    func room(ofBatch place: Int) -> RoomID? {
        let room = batches[place].room
        return streams[room.index].batch == Int32(place) ? room : nil
    }

    /// Moves an open batch that stays open to a lower index.
    mutating func move(batch place: Int, to lower: Int) {
        let room = batches[place].room
        batches.swapAt(lower, place)
        streams[room.index].batch = Int32(lower)
    }

    func lines(ofBatch place: Int) -> Int { batches[place].lines }

    /// From now on only the first batches are open.
    @inline(__always)
    mutating func closeBatches(from count: Int) { openBatches = count }

    /// A room's last number in its log. Later ones are in a batch that is held.
    func sealedSeq(of room: RoomID, last: UInt64) -> UInt64 {
        guard let batch = streams[room.index].batch else { return last }
        return batches[Int(batch)].firstSeq - 1
    }
}
