/// A line with its position in the order of its room.
public struct Line: Equatable, Sendable {
    public let seq: UInt64
    public let time: Timestamp
    public let username: String
    public let message: String
    public let author: Author
    /// Whether it was deleted: its texts are gone.
    public private(set) var isDeleted = false

    public init(
        seq: UInt64, time: Timestamp, username: String, message: String, by author: Author = .guest
    ) {
        self.seq = seq
        self.time = time
        self.username = username
        self.message = message
        self.author = author
    }

    /// What is left of the line when it is deleted.
    public var deleted: Line {
        var line = Line(seq: seq, time: time, username: "", message: "")
        line.isDeleted = true
        return line
    }
}
