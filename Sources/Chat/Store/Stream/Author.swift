/// What a line shows of its author besides the name. That of a guest shows nothing, so no guest
/// looks like somebody.
public struct Author: Equatable, Sendable {
    public static let guest = Author()

    /// The `sub` of its token. Nil for a guest, and for the room itself.
    public let user: String?
    /// Its role in the room, if that is shown.
    public let badge: Badge?

    public init(user: String? = nil, badge: Badge? = nil) {
        self.user = user
        self.badge = badge
    }

    @inline(__always)
    public var isGuest: Bool { user == nil && badge == nil }

    /// Whether it is exempt from rates of lines.
    var isExempt: Bool { badge.map { $0 >= .moderator } ?? false }
}
