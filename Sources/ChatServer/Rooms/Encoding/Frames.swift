internal import Chat
internal import WebSocket

/// Examines the frames of a sealed batch. It assumes only that frames are complete: a line's number
/// is read from its event. All encodings have the same frames in the same order.
enum Frames {
    /// The events of a room's lines with numbers in `seqs`, in the plain encoding.
    static func events(
        of seqs: Range<UInt64>, in bytes: [UInt8], room: RoomName
    ) -> [[UInt8]] {
        let event = LineEvent(room: room)
        var events: [[UInt8]] = []
        var frames = WrittenFrames()
        while let payload = frames.next(in: bytes.span) {
            guard let seq = event.seq(in: bytes.span.extracting(payload)), seqs ~= seq else {
                continue
            }
            events.append(Array(bytes[payload]))
        }
        return events
    }

    /// The number of frames in the plain encoding before the first line with number `seq` or above,
    /// and the number of lines among them.
    static func count(
        before seq: UInt64, in bytes: [UInt8], room: RoomName
    ) -> (frames: Int, lines: Int) {
        let event = LineEvent(room: room)
        var (count, lines) = (0, 0)
        var frames = WrittenFrames()
        while let payload = frames.next(in: bytes.span) {
            if let found = event.seq(in: bytes.span.extracting(payload)) {
                if found >= seq { break }
                lines += 1
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
