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
    /// Seconds that lines wait before others see them; 0: none.
    public var holdSeconds = 0

    /// The longest pause between two lines, in seconds: a day.
    static let slowLimit = 86_400
    /// The longest time that lines wait, in seconds.
    static let holdLimit = 600

    public init() {}

    /// Rules to change. Nil leaves a rule as it is.
    public struct Patch: Equatable, Sendable {
        public var slowSeconds: Int?
        public var membersOnly: Bool?
        public var links: Bool?
        public var frozen: Bool?
        public var holdSeconds: Int?

        public init(
            slowSeconds: Int? = nil, membersOnly: Bool? = nil, links: Bool? = nil,
            frozen: Bool? = nil, holdSeconds: Int? = nil
        ) {
            self.slowSeconds = slowSeconds
            self.membersOnly = membersOnly
            self.links = links
            self.frozen = frozen
            self.holdSeconds = holdSeconds
        }

        var isEmpty: Bool { self == Patch() }

        func applied(to rules: RoomRules) -> RoomRules {
            var rules = rules
            rules.slowSeconds = slowSeconds ?? rules.slowSeconds
            rules.membersOnly = membersOnly ?? rules.membersOnly
            rules.links = links ?? rules.links
            rules.frozen = frozen ?? rules.frozen
            rules.holdSeconds = holdSeconds ?? rules.holdSeconds
            return rules
        }
    }
}
