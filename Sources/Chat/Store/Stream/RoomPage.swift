/// Lines of a room with consecutive numbers. If the lines from the requested number on are gone, a
/// page covers none but these.
public struct RoomPage: Equatable, Sendable {
    /// The largest number of lines in a page. The reactor encodes them in a fraction of a
    /// millisecond.
    public static let lineLimit = 256
    /// Bytes of texts and names above which a page takes no further line.
    public static let byteLimit = 65_536

    /// Empty if the first of the requested lines is gone, or if there is none.
    public let lines: [Line]
    /// The last number that the page covers. Those below the first of `lines` are gone. It is below
    /// the requested number if the page covers none.
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
