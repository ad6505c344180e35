internal import Chat
internal import Reactor
internal import WebSocket

/// The lines of one room in this tick, encoded, until they are sealed into chunks.
struct OpenBatch {
    var room: RoomID
    var firstSeq: UInt64
    var lastSeq: UInt64
    /// Frames for members who take them as they are, whether there are any now or not: others may
    /// come, and want lines of the log.
    var plain: [UInt8] = []
    /// Frames for members who take deflated messages. Empty where there are none of those.
    var deflated: [UInt8] = []
    /// Whether a message in `deflated` really is: if not, it is the same as `plain`.
    var isDeflated = false

    /// Takes lines of a room from a number on; it is empty.
    @inline(__always)
    mutating func begin(in room: RoomID, from seq: UInt64) {
        (self.room, firstSeq) = (room, seq)
    }

    /// Chunks of what is in it, with the caller's references. Afterwards it is empty.
    @inline(__always)
    mutating func seal(in pool: inout ChunkPool) -> EncodedLines {
        let lines = pool.make(
            plain, deflated: isDeflated ? deflated : nil, lines: Int(lastSeq - firstSeq) + 1)
        Self.empty(&plain)
        if !deflated.isEmpty { Self.empty(&deflated) }
        isDeflated = false
        return lines
    }

    /// Empties a buffer, and keeps its memory unless a flood has made it large.
    private static func empty(_ buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: buffer.count <= Limits.batchBytesKept)
    }

    /// Adds the frame of line `seq` that `write` appends, where nobody takes deflated ones.
    @inline(__always)
    mutating func append(
        _ seq: UInt64, addingCapacity capacity: Int, _ write: (inout OutputSpan<UInt8>) -> Void
    ) {
        lastSeq = seq
        plain.append(addingCapacity: capacity, initializingWith: write)
    }

    /// Adds an event as a message to each encoding; `deflated` is nil where that doesn't pay.
    mutating func append(_ event: [UInt8], deflated message: [UInt8]?, isForDeflating: Bool) {
        FrameEncoder.append(.text, event.span, to: &plain)
        guard isForDeflating else { return }
        if let message {
            FrameEncoder.append(.text, message.span, rsv1: true, to: &deflated)
            isDeflated = true
        } else {
            FrameEncoder.append(.text, event.span, to: &deflated)
        }
    }
}
