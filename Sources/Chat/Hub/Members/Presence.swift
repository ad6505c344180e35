/// The news about members for a presence event.
public struct Presence: Equatable, Sendable {
    /// The number of this event among the room's events of presence: 1, 2, 3 …
    public let number: UInt32
    /// The number of connections in the room.
    public let count: Int
    /// The names of those that joined and left. Nil if there are too many members, or too many
    /// names.
    public let joined: [String]?
    public let left: [String]?

    public init(
        number: UInt32, count: Int, joined: [String]? = nil, left: [String]? = nil
    ) {
        self.number = number
        self.count = count
        self.joined = joined
        self.left = left
    }
}
