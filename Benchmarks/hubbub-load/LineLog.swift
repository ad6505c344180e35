internal import Reactor

/// The one order of all lines, as it was first seen, and what their messages looked like then.
///
/// Whoever receives the same bytes at the same place needs no closer look. The latest messages are
/// kept for that, in a ring.
struct LineLog {
    struct Line {
        let id: LineID
        let due: Instant
        /// Where its message was written, counted in all bytes that ever were.
        fileprivate let start: Int
        fileprivate let count: Int
    }

    private var lines: [Line] = []
    /// The position of the first line that is still there.
    private(set) var startIndex = 0
    private var ring: [UInt8]
    private var written = 0

    /// `ringBytes` of messages are kept.
    init(ringBytes: Int = 8 << 20) {
        ring = Array(repeating: 0, count: ringBytes)
    }

    var endIndex: Int { startIndex + lines.count }

    subscript(position: Int) -> Line { lines[position - startIndex] }

    /// Whether the line at `position` came in just this message; false where that isn't known.
    func holds(_ message: Span<UInt8>, at position: Int) -> Bool {
        guard position < endIndex else { return false }
        let line = lines[position - startIndex]
        guard line.count == message.count, written - line.start <= ring.count else { return false }
        let place = line.start % ring.count
        return ring.span.extracting(place..<place + line.count).isEqual(to: message)
    }

    mutating func insert(_ id: LineID, due: Instant, message: Span<UInt8>, at position: Int) {
        var line = Line(id: id, due: due, start: written - ring.count - 1, count: message.count)
        if message.count <= ring.count {
            let left = ring.count - written % ring.count
            if left < message.count { written += left }
            line = Line(id: id, due: due, start: written, count: message.count)
            let place = written % ring.count
            for index in message.indices { ring[place + index] = message[index] }
            written += message.count
        }
        lines.insert(line, at: position - startIndex)
    }

    /// Puts those lines of a region that move behind those that don't, each part in its order.
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

    /// Forgets the lines before `position`.
    mutating func drop(before position: Int) {
        lines.removeFirst(position - startIndex)
        startIndex = position
    }
}
