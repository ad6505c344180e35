/// A line that was accepted from its sender and has no number yet: it gets one, and with it its
/// place in the room's order, when it is stored.
public struct Draft: Equatable, Sendable {
    public let room: RoomName
    /// When the server took it.
    public let time: Timestamp
    /// Checked and trimmed.
    public let username: String
    /// Checked.
    public let message: String
    /// The sender's `id`, 1 to 64 bytes, by which the same line is known when it is sent again;
    /// nil where it gave none.
    public let key: String?
    /// What ``RecentSends`` knows it by.
    let recentKey: RecentSends.Key?

    public init(
        room: RoomName, time: Timestamp, username: String, message: String, key: String?
    ) {
        self.room = room
        self.time = time
        self.username = username
        self.message = message
        self.key = key
        recentKey = key.map { RecentSends.Key(room: room, username: username, key: $0) }
    }
}
