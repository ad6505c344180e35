/// The event of a line, looked at as bytes: it always begins as `EventWriter` writes it, so that a
/// line is found in frames without reading JSON.
///
/// No text of a line can look like the beginning of an event, because a quotation mark within a
/// text has a backslash before it.
public struct LineEvent {
    /// `{"type":"message","room":"go","seq":`
    private let head: [UInt8]

    /// For lines of a room.
    public init(room: RoomName) {
        head =
            Array(#"{"type":"message","room":""#.utf8) + Array(room.text.utf8)
            + Array(#"","seq":"#.utf8)
    }

    /// The number of the line whose event begins at `start`; nil if none begins there.
    public func seq(in bytes: Span<UInt8>, at start: Int = 0) -> UInt64? {
        guard bytes.count - start > head.count else { return nil }
        for place in head.indices where bytes[start + place] != head[place] { return nil }
        var (place, seq) = (start + head.count, UInt64(0))
        while place < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[place] {
            seq = seq &* 10 &+ UInt64(bytes[place] - UInt8(ascii: "0"))
            place += 1
        }
        return seq
    }
}
