/// A line that is sent out as it arrived, byte for byte: it needs no escape, and nothing is
/// trimmed.
public struct VerbatimLine: Equatable, Sendable {
    public let room: RoomID
    public let seq: UInt64
    /// Whether its author has another name from now on.
    public let renames: Bool
    /// The locations of its texts in the sender's text frame.
    public let username: Range<Int>
    public let message: Range<Int>
}
