/// Writes events as `text/event-stream` (WHATWG HTML, section 9.2): lines with a name and a value,
/// up to an empty line.
public enum EventText {
    /// What a stream begins with: a comment of 2 KiB, because some proxies and old browsers keep
    /// the first bytes back until they have so many.
    public static let opening =
        [UInt8(ascii: ":")] + [UInt8](repeating: UInt8(ascii: " "), count: 2_046) + end
    /// A comment that shows that the connection is alive.
    public static let comment = [UInt8(ascii: ":")] + end

    private static let end = Array("\n\n".utf8)

    /// Appends an event.
    ///
    /// - Parameters:
    ///   - json: the event as ``EventWriter`` writes it: without a line break, and with its type
    ///     first.
    ///   - id: the place of a reader that has the event. Nil if the event has none.
    ///   - retry: milliseconds after which the client comes back when the stream has ended.
    public static func append(
        _ json: Span<UInt8>, id: [UInt8]? = nil, retry: UInt64? = nil, to text: inout [UInt8]
    ) {
        if let id {
            text.append("id: ")
            text += id
            text.append("\n")
        }
        if let retry { append(retry: retry, to: &text) }
        let type = self.type(of: json)
        text.append(addingCapacity: 16 + type.count + json.count) { rest in
            rest.append("event: ")
            rest.append(copying: json.extracting(type))
            rest.append("\ndata: ")
            rest.append(copying: json)
            rest.append("\n\n")
        }
    }

    /// Appends an event of a line, or of its tombstone, in a room's stream.
    public static func append(
        _ json: Span<UInt8>, room: RoomName, epoch: Epoch, seq: UInt64, rev: UInt64,
        to text: inout [UInt8]
    ) {
        text.append("id: ")
        StreamPlace.append(room, epoch, seq, rev, to: &text)
        text.append("\n")
        append(json, to: &text)
    }

    /// Appends the line that says after how many milliseconds the client comes back.
    public static func append(retry: UInt64, to text: inout [UInt8]) {
        text.append(addingCapacity: 28) { line in
            line.append("retry: ")
            line.append(decimal: retry)
            line.append("\n")
        }
    }

    /// Where the type is in `{"type":"message",…`.
    private static func type(of json: Span<UInt8>) -> Range<Int> {
        let start = 9
        guard json.holds(#"{"type":""#, at: 0) else { return 0..<0 }
        var end = start
        while end < json.count, json[end] != UInt8(ascii: "\"") { end += 1 }
        return start..<end
    }
}
