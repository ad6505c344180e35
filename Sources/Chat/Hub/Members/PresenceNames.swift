/// The names of the members that joined and of those that left. Each list is sorted by bytes, and
/// has a name once for each connection.
public struct PresenceNames: Equatable, Sendable {
    public let joined: [String]
    public let left: [String]

    public init(joined: [String], left: [String]) {
        self.joined = joined
        self.left = left
    }
}
