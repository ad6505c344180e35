/// The members of a room, for the answer to `members`.
///
/// The list has a position in the order of the room's events of presence. It includes the changes
/// that the event ``number`` and the earlier ones told, and the ``untold`` ones. The next event
/// tells those again.
public struct MemberList: Equatable, Sendable {
    /// The number of connections in the room, nameless ones included.
    public let count: Int
    /// The names, sorted by their bytes. Nil if the room has too many members.
    public let usernames: [String]?
    /// The number of the room's last event of presence, 0 before the first.
    public let number: UInt32
    /// Changes that are in the list but that no event has told yet. Nil if there are none, or if
    /// the next event will have no names.
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
