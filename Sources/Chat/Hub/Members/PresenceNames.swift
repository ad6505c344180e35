/// Names of the members that came and of those that went, each list in the order of its bytes, and
/// each name as often as there are such connections.
public struct PresenceNames: Equatable, Sendable {
    public let joined: [String]
    public let left: [String]

    public init(joined: [String], left: [String]) {
        self.joined = joined
        self.left = left
    }
}
