/// The members of a room as the answer to `members` tells them.
///
/// The list has its place in the order of the room's events of presence: it holds all that the
/// event ``number`` and those before it told, and what ``untold`` has. The next event tells that
/// again.
public struct MemberList: Equatable, Sendable {
    /// The number of connections in the room, nameless ones included.
    public let count: Int
    /// The names in the order of their bytes; nil if the room has too many members.
    public let usernames: [String]?
    /// The number of the room's last event of presence, 0 before the first.
    public let number: UInt32
    /// Changes that are in the list and that no event has told yet; nil if there are none, or if
    /// the next event won't have names.
    public let untold: PresenceNames?

    public init(
        count: Int, usernames: [String]? = nil, number: UInt32 = 0, untold: PresenceNames? = nil
    ) {
        self.count = count
        self.usernames = usernames
        self.number = number
        self.untold = untold
    }
}
