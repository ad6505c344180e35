internal import Chat
internal import WebSocket

/// Cuts lines of a room out of frames that are encoded already, in whichever encoding, in the
/// answers to `history`, and in what is half sent.
///
/// Everything that is sent to a room's members is a row of whole frames. A line is found by its
/// event, so that nothing need be known of a chunk: not of which room it is, nor which numbers.
struct LineCut {
    /// Frames from which something was cut.
    struct Rest: Equatable {
        var bytes: [UInt8] = []
        /// Where the frame that is half sent goes on; 0 if none is.
        var offset = 0
        /// Lines that were cut.
        var cut = 0
    }

    private let seqs: Set<UInt64>
    private let event: LineEvent
    private let inflater: Inflater?

    /// - Parameter inflater: reads compressed messages, each by itself; nil if there are none.
    init(_ seqs: [UInt64], of room: RoomName, inflater: Inflater?) {
        self.seqs = Set(seqs)
        event = LineEvent(room: room)
        self.inflater = inflater
    }

    /// What is left of frames, of which `offset` bytes are sent. Frames that are sent are left out.
    /// One that is half sent stays, whatever is in it, because the peer waits for its rest.
    func rest(of frames: [UInt8], from offset: Int = 0) -> Rest {
        var rest = Rest()
        var (walk, start) = (WrittenFrames(), 0)
        while let payload = walk.next(in: frames.span) {
            defer { start = walk.offset }
            guard offset < walk.offset else { continue }
            let frame = frames[start..<walk.offset]
            if start < offset {
                rest.offset = offset - start
                rest.bytes += frame
            } else if let left = left(of: frames[payload], isDeflated: frames[start] & 0x40 != 0) {
                rest.cut += left.cut
                if let payload = left.payload {
                    FrameEncoder.append(.text, payload.span, to: &rest.bytes)
                }
            } else {
                rest.bytes += frame
            }
        }
        return rest
    }

    /// What is left of a message; nil if all of it is.
    private func left(
        of payload: ArraySlice<UInt8>, isDeflated: Bool
    ) -> (payload: [UInt8]?, cut: Int)? {
        let message = isDeflated ? inflated(payload) : Array(payload)
        if let seq = event.seq(in: message.span) { return seqs.contains(seq) ? (nil, 1) : nil }
        guard !isDeflated, message.starts(with: Self.historyHead) else { return nil }
        return without(lines: message)
    }

    private static let historyHead = Array(#"{"type":"history""#.utf8)

    private func inflated(_ payload: ArraySlice<UInt8>) -> [UInt8] {
        guard let inflater else { return [] }
        // Our own frames are valid, and no line is longer than a message may be.
        return (try? inflater.inflate(Array(payload).span, limit: 1 << 30)) ?? []
    }

    /// An answer to `history` without those of its lines that are cut.
    private func without(lines answer: [UInt8]) -> (payload: [UInt8]?, cut: Int)? {
        var (left, cut, place) = ([UInt8](), 0, 0)
        while place < answer.count {
            guard answer[place] == UInt8(ascii: "{"),
                let seq = event.seq(in: answer.span, at: place),
                seqs.contains(seq)
            else {
                left.append(answer[place])
                place += 1
                continue
            }
            cut += 1
            place = Self.end(ofObjectAt: place, in: answer)
            // One of the commas beside it goes, too.
            if place < answer.count, answer[place] == UInt8(ascii: ",") {
                place += 1
            } else if left.last == UInt8(ascii: ",") {
                left.removeLast()
            }
        }
        return cut > 0 ? (left, cut) : nil
    }

    /// Behind the end of an object that has no other objects in it.
    private static func end(ofObjectAt start: Int, in text: [UInt8]) -> Int {
        var (place, isInString) = (start, false)
        while place < text.count {
            switch text[place] {
            case UInt8(ascii: "\\"): place += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "}") where !isInString: return place + 1
            default: break
            }
            place += 1
        }
        return place
    }
}
