/// A line that was accepted from its sender and has no number yet. It gets its number, and so its
/// position in the room's order, when it is stored.
public struct Draft: Equatable, Sendable {
    public let room: RoomName
    /// When the server accepted it.
    public let time: Timestamp
    /// Checked and trimmed.
    public let username: String
    /// Checked.
    public let message: String
    public let author: Author
    /// The sender's `id`, 1 to 64 bytes, which identifies the line if it is sent again. Nil if it
    /// gave none.
    public let key: String?
    /// Where it comes from, if a guest says it.
    public var origin = Origin.unknown
    /// The key of the line in ``RecentSends``.
    let recentKey: RecentSends.Key?

    public init(
        room: RoomName, time: Timestamp, username: String, message: String,
        by author: Author = .guest, key: String?
    ) {
        self.room = room
        self.time = time
        self.username = username
        self.message = message
        self.author = author
        self.key = key
        recentKey = key.map {
            RecentSends.Key(room: room, username: username, user: author.user, key: $0)
        }
    }
}
