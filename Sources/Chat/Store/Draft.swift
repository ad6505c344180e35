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
    /// ``RecentSends/digest(of:)`` of the text that its sender has sent, if it is said with another
    /// one.
    var sentDigest: UInt64?
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

    /// Tells the text that its sender has sent from others.
    public var digest: UInt64 { sentDigest ?? RecentSends.digest(of: message) }

    /// Whether it is the same text that was sent.
    func hasSameText(as other: Draft) -> Bool {
        sentDigest == nil && other.sentDigest == nil
            ? message.hasSameBytes(as: other.message) : digest == other.digest
    }

    /// The same with another text. It is still recognised if it is sent again.
    public func saying(_ text: String) -> Draft {
        var draft = Draft(
            room: room, time: time, username: username, message: text, by: author, key: key)
        draft.origin = origin
        draft.sentDigest = digest
        return draft
    }
}
