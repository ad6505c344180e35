/// The event of a line as bytes. It always begins as `EventWriter` writes it, so a line is found in
/// frames without parsing JSON.
///
/// The text of a line can't look like the beginning of an event, because a quotation mark in a text
/// has a backslash before it.
public struct LineEvent {
    /// `{"type":"message","room":"go","seq":`
    private let head: [UInt8]
    /// `{"type":"deleted","room":"go","seq":`
    private let mark: [UInt8]

    /// Finds lines of this room.
    public init(room: RoomName) {
        head =
            Array(#"{"type":"message","room":""#.utf8) + Array(room.text.utf8)
            + Array(#"","seq":"#.utf8)
        mark =
            Array(#"{"type":"deleted","room":""#.utf8) + Array(room.text.utf8)
            + Array(#"","seq":"#.utf8)
    }

    /// The same, also if a tombstone is in the place of the line.
    public func place(in bytes: Span<UInt8>) -> UInt64? {
        seq(in: bytes) ?? number(behind: mark, in: bytes, at: 0)
    }

    /// The number of the line whose event begins at `start`. Nil if none begins there.
    public func seq(in bytes: Span<UInt8>, at start: Int = 0) -> UInt64? {
        number(behind: head, in: bytes, at: start)
    }

    private func number(
        behind head: [UInt8], in bytes: Span<UInt8>, at start: Int
    ) -> UInt64? {
        guard bytes.count - start > head.count else { return nil }
        for place in head.indices where bytes[start + place] != head[place] { return nil }
        var (place, seq) = (start + head.count, UInt64(0))
        while place < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[place] {
            seq = seq &* 10 &+ UInt64(bytes[place] - UInt8(ascii: "0"))
            place += 1
        }
        return place > start + head.count ? seq : nil
    }
}
