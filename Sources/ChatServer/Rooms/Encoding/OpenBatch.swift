internal import Chat
internal import WebSocket

/// The encoded lines of one room in this tick, until they are sealed into chunks.
struct OpenBatch {
    private(set) var room: RoomID
    private(set) var firstSeq: UInt64
    private(set) var lastSeq: UInt64
    private(set) var lines = 0
    /// Frames in the plain encoding. They are kept even if no member takes them now, because a
    /// later member may need lines of the log.
    private var plain: [UInt8] = []
    /// The same frames with deflated messages. Empty as long as no message is deflated.
    private var deflated: [UInt8] = []

    /// Makes an empty batch of a room for lines from `seq` on.
    init(room: RoomID, from seq: UInt64) {
        (self.room, firstSeq, lastSeq) = (room, seq, seq)
    }

    /// Whether all encodings are the same so far.
    var isPlain: Bool { deflated.isEmpty }

    /// Bytes of the larger encoding.
    var byteCount: Int { max(plain.count, deflated.count) }

    /// Begins with lines of a room from `seq` on. The batch must be empty.
    @inline(__always)
    mutating func begin(in room: RoomID, from seq: UInt64) {
        (self.room, firstSeq) = (room, seq)
    }

    /// Adds the frame of line `seq` that `write` appends, for a room without members that take
    /// deflated messages.
    @inline(__always)
    mutating func append(
        _ seq: UInt64, addingCapacity capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void
    ) {
        lastSeq = seq
        lines += 1
        plain.append(addingCapacity: capacity, initializingWith: write)
    }

    /// Adds the event of line `seq` as a message to each encoding. `message` is its deflated form,
    /// or nil if that isn't worth it.
    mutating func append(_ seq: UInt64, _ event: [UInt8], deflated message: [UInt8]?) {
        lastSeq = seq
        lines += 1
        if let message {
            if deflated.isEmpty { deflated.append(contentsOf: plain) }
            FrameEncoder.append(.text, message.span, rsv1: true, to: &deflated)
        } else if !deflated.isEmpty {
            FrameEncoder.append(.text, event.span, to: &deflated)
        }
        FrameEncoder.append(.text, event.span, to: &plain)
    }

    /// Makes chunks of the content, with the caller's references. Afterwards the batch is empty.
    @inline(__always)
    mutating func seal(in pool: inout ChunkPool) -> SealedBatch {
        let chunk = pool.make(plain, lines: lines)
        var chunks = EncodedChunks(chunk)
        if !deflated.isEmpty {
            chunks = EncodedChunks(plain: chunk, deflated: pool.make(deflated, lines: lines))
            Self.empty(&deflated)
        }
        Self.empty(&plain)
        lines = 0
        return SealedBatch(chunks: chunks, firstSeq: firstSeq, lastSeq: lastSeq)
    }

    /// Empties a buffer. Keeps its memory unless a flood has made it large.
    private static func empty(_ buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: buffer.count <= Limits.batchBytesKept)
    }
}
