/// The parts of a stored line with a key that are needed to recognise it.
public struct StoredSend: Equatable, Sendable {
    public let room: RoomName
    public let username: String
    public let key: String
    public let seq: UInt64
    public let time: Timestamp
    /// ``RecentSends/digest(of:)`` of the text.
    public let digest: UInt64

    public init(
        room: RoomName, username: String, key: String, seq: UInt64, time: Timestamp, digest: UInt64
    ) {
        self.room = room
        self.username = username
        self.key = key
        self.seq = seq
        self.time = time
        self.digest = digest
    }
}
