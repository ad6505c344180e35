/// A connection as bans see it, in one room.
public struct Visitor: Sendable {
    /// The `sub` of its token. Nil for a guest.
    public let user: String?
    /// The name that it has or wants there.
    public let username: String?
    public let origin: Origin
    /// Its role there.
    public let badge: Badge?

    public init(user: String?, username: String?, origin: Origin, badge: Badge? = nil) {
        self.user = user
        self.username = username
        self.origin = origin
        self.badge = badge
    }
}
