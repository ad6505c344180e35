/// A line that goes out as it came in, byte for byte, because it needs no escape and nothing of it
/// is trimmed.
public struct VerbatimLine: Equatable, Sendable {
    public let room: RoomID
    public let seq: UInt64
    /// Where its texts lie in the sender's text frame.
    public let username: Range<Int>
    public let message: Range<Int>
}
