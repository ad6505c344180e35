internal import Chat
internal import WebSocket

/// Removes lines of a room from encoded frames, in any encoding, in answers to `history`, in events
/// about lines that are back, and in half sent bytes.
///
/// Everything that is sent to a room's members is a sequence of complete frames, or of complete
/// events of an event stream, for which the same holds as for frames. A line is found by
/// its event, so neither the room of a chunk nor its numbers need to be known.
struct LineCut {
    /// Frames from which something was cut.
    struct Rest: Equatable {
        var bytes: [UInt8] = []
        /// Where the half sent frame continues. 0 if there is none.
        var offset = 0
        /// The number of lines that were cut.
        var cut = 0
    }

    private let seqs: Set<UInt64>
    private let room: RoomName
    private let event: LineEvent
    private let marks: Bool
    private let inflater: Inflater?

    /// - Parameters:
    ///   - marks: tombstones take the places of the lines.
    ///   - inflater: reads compressed messages, each by itself. Nil if there are none.
    init(_ seqs: [UInt64], of room: RoomName, marks: Bool = false, inflater: Inflater?) {
        self.seqs = Set(seqs)
        self.room = room
        event = LineEvent(room: room)
        self.marks = marks
        self.inflater = inflater
    }

    /// The rest of frames of which `offset` bytes are sent. Frames that are completely sent are
    /// left out. A half sent one stays, whatever it contains, because the peer waits for its rest.
    func rest(of frames: [UInt8], from offset: Int = 0) -> Rest {
        guard !WrittenEvents.areIn(frames) else { return rest(ofEvents: frames, from: offset) }
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

    /// The same for events of an event stream. One keeps its id, so that its reader goes on behind
    /// it.
    private func rest(ofEvents text: [UInt8], from offset: Int) -> Rest {
        var (rest, walk) = (Rest(), WrittenEvents())
        while let event = walk.next(in: text.span) {
            guard offset < event.all.upperBound else { continue }
            if event.all.lowerBound < offset {
                rest.offset = offset - event.all.lowerBound
                rest.bytes += text[event.all]
            } else if let data = event.data, let left = left(of: text[data], isDeflated: false) {
                rest.cut += left.cut
                guard let payload = left.payload else { continue }
                EventText.append(
                    payload.span, id: event.id.map { Array(text[$0]) }, to: &rest.bytes)
            } else {
                rest.bytes += text[event.all]
            }
        }
        return rest
    }

    /// The rest of a message. Nil if nothing was cut from it.
    private func left(
        of payload: ArraySlice<UInt8>, isDeflated: Bool
    ) -> (payload: [UInt8]?, cut: Int)? {
        let message = isDeflated ? inflated(payload) : Array(payload)
        if let seq = event.seq(in: message.span) {
            return seqs.contains(seq) ? (mark(of: seq), 1) : nil
        }
        guard !isDeflated else { return nil }
        if message.starts(with: Self.historyHead) { return without(lines: message, marks: marks) }
        guard message.starts(with: Self.restoredHead) else { return nil }
        return without(lines: message, marks: false)
    }

    /// An event without the lines that are cut. Nil if nothing was cut from it.
    func rest(ofEvent event: [UInt8]) -> [UInt8]? {
        left(of: event[...], isDeflated: false)?.payload
    }

    private func mark(of seq: UInt64) -> [UInt8]? {
        guard marks else { return nil }
        var mark: [UInt8] = []
        EventWriter.mark(room: room, seq: seq, into: &mark)
        return mark
    }

    private static let historyHead = Array(#"{"type":"history""#.utf8)
    private static let restoredHead = Array(#"{"type":"restored""#.utf8)

    private func inflated(_ payload: ArraySlice<UInt8>) -> [UInt8] {
        guard let inflater else { return [] }
        // Our own frames are valid, and no line is longer than a message may be.
        return (try? inflater.inflate(Array(payload).span, limit: 1 << 30)) ?? []
    }

    /// A list of lines, such as an answer to `history`, without the lines that are cut.
    private func without(
        lines answer: [UInt8], marks: Bool
    ) -> (payload: [UInt8]?, cut: Int)? {
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
            if marks, let mark = mark(of: seq) {
                left += mark
                continue
            }
            // Remove one of the commas beside it too.
            if place < answer.count, answer[place] == UInt8(ascii: ",") {
                place += 1
            } else if left.last == UInt8(ascii: ",") {
                left.removeLast()
            }
        }
        return cut > 0 ? (left, cut) : nil
    }

    /// The index after the end of an object without nested objects.
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
