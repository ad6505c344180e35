/// Where somebody who enters a room begins to hear it.
public struct Entrance: Equatable, Sendable {
    public let membership: MembershipID
    /// Whether it gets all that it has missed; nil where it didn't say since when.
    public let recovered: Bool?
}
