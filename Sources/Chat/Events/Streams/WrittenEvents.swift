/// Walks over the text that ``EventText`` wrote: complete events, one after another.
public struct WrittenEvents {
    /// The places of an event's parts.
    public struct Event: Equatable, Sendable {
        /// All of it, with its empty line.
        public var all: Range<Int>
        /// The value of its id. Nil if it has none.
        public var id: Range<Int>?
        /// Its JSON. Nil for a comment.
        public var data: Range<Int>?
    }

    /// The start of the next event.
    public private(set) var offset = 0

    public init() {}

    /// Whether bytes are such a text, and not frames of a WebSocket, whose first byte is above 127.
    public static func areIn(_ bytes: [UInt8]) -> Bool { bytes.first.map { $0 < 0x80 } ?? false }

    /// The next event. Nil after the last one.
    public mutating func next(in bytes: Span<UInt8>) -> Event? {
        guard offset < bytes.count else { return nil }
        var event = Event(all: offset..<bytes.count)
        var start = offset
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            let line = bytes.extracting(start..<end)
            if line.isEmpty {
                event.all = offset..<min(end + 1, bytes.count)
                break
            }
            if line.holds("id: ", at: 0) { event.id = start + 4..<end }
            if line.holds("data: ", at: 0) { event.data = start + 6..<end }
            start = end + 1
        }
        offset = event.all.upperBound
        return event
    }
}
