/// What a room asks of its lines. Moderators are exempt from all of it.
public struct RoomRules: Equatable, Sendable {
    /// Seconds between two lines of an author; 0: any.
    public var slowSeconds = 0
    /// Guests only read.
    public var membersOnly = false
    /// Guests and members may send links.
    public var links = true
    /// Nobody says anything.
    public var frozen = false

    /// The longest pause between two lines, in seconds: a day.
    static let slowLimit = 86_400

    public init() {}

    /// Rules to change. Nil leaves a rule as it is.
    public struct Patch: Equatable, Sendable {
        public var slowSeconds: Int?
        public var membersOnly: Bool?
        public var links: Bool?
        public var frozen: Bool?

        public init(
            slowSeconds: Int? = nil, membersOnly: Bool? = nil, links: Bool? = nil,
            frozen: Bool? = nil
        ) {
            self.slowSeconds = slowSeconds
            self.membersOnly = membersOnly
            self.links = links
            self.frozen = frozen
        }

        var isEmpty: Bool { self == Patch() }

        func applied(to rules: RoomRules) -> RoomRules {
            var rules = rules
            rules.slowSeconds = slowSeconds ?? rules.slowSeconds
            rules.membersOnly = membersOnly ?? rules.membersOnly
            rules.links = links ?? rules.links
            rules.frozen = frozen ?? rules.frozen
            return rules
        }
    }
}
