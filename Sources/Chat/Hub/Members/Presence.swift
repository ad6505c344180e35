/// What members are to be told of who is there.
public struct Presence: Equatable, Sendable {
    /// Counts the room's events of presence: 1, 2, 3 …
    public let number: UInt32
    /// The number of connections in the room.
    public let count: Int
    /// Names of who came and went; nil where there are too many members, or too many of those.
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
