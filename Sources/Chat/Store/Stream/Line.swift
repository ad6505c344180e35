/// A line with its position in the order of its room.
public struct Line: Equatable, Sendable {
    public let seq: UInt64
    public let time: Timestamp
    public let username: String
    public let message: String
    public let author: Author

    public init(
        seq: UInt64, time: Timestamp, username: String, message: String, by author: Author = .guest
    ) {
        self.seq = seq
        self.time = time
        self.username = username
        self.message = message
        self.author = author
    }
}
