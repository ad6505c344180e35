/// The parts of a stored line with a key that are needed to recognise it. It takes 40 bytes,
/// because an orderer may hand over a million of them.
public struct StoredSend: Equatable, Sendable {
    let recentKey: RecentSends.Key
    public let seq: UInt64
    public let time: Timestamp
    /// ``RecentSends/digest(of:)`` of the text.
    public let digest: UInt64

    public init(
        room: RoomName, username: String, user: String? = nil, key: String, seq: UInt64,
        time: Timestamp, digest: UInt64
    ) {
        recentKey = RecentSends.Key(room: room, username: username, user: user, key: key)
        self.seq = seq
        self.time = time
        self.digest = digest
    }
}
