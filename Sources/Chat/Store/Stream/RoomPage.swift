/// Lines of a room, in order. If a number between two of them has no line here, the room doesn't
/// have that line any more.
public struct RoomPage: Equatable, Sendable {
    /// The largest number of lines in a page. The reactor encodes them in a fraction of a
    /// millisecond.
    public static let lineLimit = 256
    /// Bytes of texts and names above which a page takes no further line.
    public static let byteLimit = 65_536

    /// Empty if the room has none of the requested lines.
    public let lines: [Line]
    /// The last number that the page covers. `lines` has every line that is left from the requested
    /// number through this one. It is below the requested number if the page covers none.
    public let through: UInt64
    /// The oldest line of the room when the page was read, as in ``RoomSnapshot/oldest``. Older
    /// lines were deleted.
    public let oldest: UInt64

    public init(lines: [Line], through: UInt64, oldest: UInt64) {
        self.lines = lines
        self.through = through
        self.oldest = oldest
    }
}
