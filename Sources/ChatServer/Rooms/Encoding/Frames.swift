internal import Chat
internal import WebSocket

/// Examines the frames of a sealed batch. It assumes only that frames are complete: a line's number
/// is read from its event. A plain encoding and its deflated one have the same frames in the same
/// order.
enum Frames {
    /// Calls `body` for each line or tombstone of a room, with its number and its event, in a plain
    /// encoding.
    static func forEachLine(
        in bytes: Span<UInt8>, room: RoomName, _ body: (UInt64, Span<UInt8>) -> Void
    ) {
        let event = LineEvent(room: room)
        var frames = WrittenFrames()
        while let payload = frames.next(in: bytes) {
            let line = bytes.extracting(payload)
            if let seq = event.place(in: line) { body(seq, line) }
        }
    }

    /// The number of frames in the plain encoding before the first line with number `seq` or above,
    /// and the number of lines among them. Tombstones are none.
    static func count(
        before seq: UInt64, in bytes: [UInt8], room: RoomName
    ) -> (frames: Int, lines: Int) {
        let event = LineEvent(room: room)
        var (count, lines) = (0, 0)
        var frames = WrittenFrames()
        while let payload = frames.next(in: bytes.span) {
            if let found = event.place(in: bytes.span.extracting(payload)) {
                if found >= seq { break }
                if event.seq(in: bytes.span.extracting(payload)) != nil { lines += 1 }
            }
            count += 1
        }
        return (count, lines)
    }

    /// All frames except the first ones.
    static func dropFirst(_ count: Int, of bytes: [UInt8]) -> ArraySlice<UInt8> {
        var frames = WrittenFrames()
        for _ in 0..<count { _ = frames.next(in: bytes.span) }
        return bytes[frames.offset...]
    }
}
