/// A line with its position in the order of its room.
public struct Line: Equatable, Sendable {
    public let seq: UInt64
    public let time: Timestamp
    public let username: String
    public let message: String

    public init(seq: UInt64, time: Timestamp, username: String, message: String) {
        self.seq = seq
        self.time = time
        self.username = username
        self.message = message
    }
}
