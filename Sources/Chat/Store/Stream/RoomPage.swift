/// Lines of a room, in their order. A number between two of them that has no line here has none in
/// the room any more.
public struct RoomPage: Equatable, Sendable {
    /// The most lines of a page: encoding them takes the reactor a fraction of a millisecond.
    public static let lineLimit = 256
    /// Bytes of texts and names past which a page takes no further line.
    public static let byteLimit = 65_536

    /// Empty if the room has none of those that were asked for.
    public let lines: [Line]
    /// The last number that the page speaks for: every line that is left from the number that was
    /// asked for through this one is among `lines`. Below the number that was asked for if the page
    /// speaks for none.
    public let through: UInt64
    /// The oldest line of the room when this was read, as ``RoomSnapshot/oldest``. What is older
    /// was given up.
    public let oldest: UInt64

    public init(lines: [Line], through: UInt64, oldest: UInt64) {
        self.lines = lines
        self.through = through
        self.oldest = oldest
    }
}
