/// What members are to be told of who is there.
public struct Presence: Equatable, Sendable {
    public let count: Int
    /// Names of who came and went; nil where there are too many members, or too many of those.
    public let joined: [String]?
    public let left: [String]?

    public init(count: Int, joined: [String]? = nil, left: [String]? = nil) {
        self.count = count
        self.joined = joined
        self.left = left
    }
}
