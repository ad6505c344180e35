internal import Reactor

/// The one order of all lines as first seen, with their messages.
///
/// A connection that receives the same bytes at the same position needs no closer check. For that,
/// the latest messages are kept in a ring, as the frames that carry them. Servers don't mask (RFC
/// 6455 §5.1), so a frame is the same for all clients.
struct LineLog {
    struct Line {
        let id: LineID
        let due: Instant
        /// The number that the server gave it in its room. 0 if it gives none.
        let seq: UInt64
        /// Where its frame was written, counted in all bytes ever written.
        fileprivate let start: Int
        /// Bytes of its frame, and those before the message.
        fileprivate let count: Int
        fileprivate let headerCount: Int
    }

    private var lines: [Line] = []
    /// The position of the first line that is still kept.
    private(set) var startIndex = 0
    private var ring: [UInt8]
    private var written = 0
    /// A digest of the order of the lines that were dropped.
    private var dropped: UInt64 = 0

    /// Keeps `ringBytes` of frames.
    init(ringBytes: Int = 8 << 20) {
        ring = Array(repeating: 0, count: ringBytes)
    }

    var endIndex: Int { startIndex + lines.count }

    subscript(position: Int) -> Line { lines[position - startIndex] }

    /// Whether the line at `position` came in exactly this message. False if that isn't known.
    func holds(_ message: Span<UInt8>, at position: Int) -> Bool {
        guard position < endIndex else { return false }
        let line = lines[position - startIndex]
        guard line.count - line.headerCount == message.count, isInRing(line) else { return false }
        let place = line.start % ring.count + line.headerCount
        return ring.span.extracting(place..<place + message.count).isEqual(to: message)
    }

    /// The line at `position` and the end of its frame, if `input` continues with exactly that
    /// frame at `offset`. Nil if it doesn't, or if that isn't known.
    func match(_ input: Span<UInt8>, at offset: Int, position: Int) -> (line: Line, end: Int)? {
        guard position < endIndex else { return nil }
        let line = lines[position - startIndex]
        let end = offset + line.count
        guard end <= input.count, isInRing(line) else { return nil }
        let place = line.start % ring.count
        let frame = ring.span.extracting(place..<place + line.count)
        return frame.isEqual(to: input.extracting(offset..<end)) ? (line, end) : nil
    }

    private func isInRing(_ line: Line) -> Bool { written - line.start <= ring.count }

    mutating func insert(
        _ id: LineID, due: Instant, seq: UInt64 = 0, message: Span<UInt8>, at position: Int
    ) {
        let headerCount = Self.headerCount(of: message.count)
        let count = headerCount + message.count
        var start = written - ring.count - 1
        if count <= ring.count {
            let left = ring.count - written % ring.count
            if left < count { written += left }
            start = written
            write(message, headerCount: headerCount)
        }
        let line = Line(
            id: id, due: due, seq: seq, start: start, count: count, headerCount: headerCount)
        lines.insert(line, at: position - startIndex)
    }

    /// Writes the frame of a text message, unmasked and in one piece (RFC 6455 §5.2).
    private mutating func write(_ message: Span<UInt8>, headerCount: Int) {
        var place = written % ring.count
        ring[place] = 0x81
        switch headerCount {
        case 2: ring[place + 1] = UInt8(message.count)
        case 4: ring[place + 1] = 126
        default: ring[place + 1] = 127
        }
        for index in 2..<headerCount {
            let shift = 8 * (headerCount - 1 - index)
            ring[place + index] = UInt8(truncatingIfNeeded: message.count >> shift)
        }
        place += headerCount
        for index in message.indices { ring[place + index] = message[index] }
        written += headerCount + message.count
    }

    private static func headerCount(of messageBytes: Int) -> Int {
        switch messageBytes {
        case ..<126: 2
        case ..<65_536: 4
        default: 10
        }
    }

    /// Moves some lines of a region behind the others. Both parts keep their order.
    mutating func partition(_ region: ClosedRange<Int>, moving: [Bool]) {
        let all = region.map { self[$0] }
        let parts = [false, true].map { moves in
            zip(all, moving).filter { $0.1 == moves }.map(\.0)
        }
        let start = region.lowerBound - startIndex
        lines.replaceSubrange(start..<start + all.count, with: parts[0] + parts[1])
    }

    /// The position of a line, not before `start`.
    func firstIndex(of id: LineID, from start: Int) -> Int? {
        lines[(start - startIndex)...].firstIndex { $0.id == id }.map { $0 + startIndex }
    }

    /// The position of the line with this number from the server.
    func lastIndex(ofSeq seq: UInt64) -> Int? {
        lines.lastIndex { $0.seq == seq }.map { $0 + startIndex }
    }

    /// A digest: the same for the same lines in the same order.
    var digest: UInt64 { digest(before: endIndex) }

    private func digest(before position: Int) -> UInt64 {
        lines[..<(position - startIndex)].reduce(dropped) { digest, line in
            // Like FNV-1a, but by words.
            let sender = (digest ^ UInt64(line.id.sender)) &* 0x100_0000_01B3
            return (sender ^ UInt64(line.id.counter)) &* 0x100_0000_01B3
        }
    }

    /// Forgets the lines before `position`.
    mutating func drop(before position: Int) {
        guard position > startIndex else { return }
        dropped = digest(before: position)
        lines.removeFirst(position - startIndex)
        startIndex = position
    }
}
