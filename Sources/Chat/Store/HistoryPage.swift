/// Stored lines of a room, in their order and without a hole.
public struct HistoryPage: Equatable, Sendable {
    /// The most lines of a page: encoding them takes the reactor a fraction of a millisecond.
    public static let lineLimit = 256
    /// Bytes of texts and names past which a page takes no further line.
    public static let byteLimit = 65_536

    /// The first one has the number that was asked for unless that one was given up, in which case
    /// it is the oldest that is left. Empty if there is none of those that were asked for.
    public let lines: [StoredLine]
    /// The oldest line of the room when this was read, as ``RoomRecord/oldest``.
    public let oldest: UInt64

    public init(lines: [StoredLine], oldest: UInt64) {
        self.lines = lines
        self.oldest = oldest
    }
}
