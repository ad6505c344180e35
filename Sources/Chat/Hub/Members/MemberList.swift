/// The members of a room, for the answer to `members`.
///
/// The list has a position in the order of the room's presence events. It includes the changes that
/// the event ``number`` and the earlier ones reported, and the ``untold`` ones. The next event
/// repeats those.
public struct MemberList: Equatable, Sendable {
    /// The number of connections in the room, nameless ones included.
    public let count: Int
    /// The names, sorted by their bytes. Nil if the room has too many members.
    public let usernames: [String]?
    /// The number of the room's last presence event, 0 before the first.
    public let number: UInt32
    /// Changes that are in the list but that no event has reported yet. Nil if there are none, or
    /// if the next event will have no names.
    public let untold: PresenceNames?

    /// Members of which no presence event has told.
    public init(_ presence: RoomPresence) {
        self.init(count: presence.count, usernames: presence.usernames)
    }

    public init(
        count: Int, usernames: [String]? = nil, number: UInt32 = 0, untold: PresenceNames? = nil
    ) {
        self.count = count
        self.usernames = usernames
        self.number = number
        self.untold = untold
    }
}
