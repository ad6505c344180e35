/// Limits on the lines that are kept.
public struct Retention: Equatable, Sendable {
    /// Days after which a line is deleted, at most 36 500. 0: age doesn't matter.
    public let days: Int
    /// Lines of a room above which its oldest are deleted. 0: their number doesn't matter. A room
    /// may have a few hundred more until the next upkeep, seconds later.
    public let lines: Int
    /// Bytes of the file above which the oldest lines of the largest rooms are deleted, if the file
    /// system has room for them. 0: half of what is free for the file when the store is made, but
    /// not less than it has then. The file may have a few MiB more, and its WAL comes on top.
    public let bytes: Int

    public init(days: Int = 7, lines: Int = 10_000, bytes: Int = 0) {
        precondition(0...36_500 ~= days && lines >= 0 && bytes >= 0, "retention is out of range")
        self.days = days
        self.lines = lines
        self.bytes = bytes
    }
}
