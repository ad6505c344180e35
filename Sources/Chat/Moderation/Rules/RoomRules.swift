/// What a room asks of its lines. Moderators are exempt from all of it.
public struct RoomRules: Equatable, Sendable {
    /// Seconds between two lines of an author; 0: any.
    public var slowSeconds = 0
    /// Guests only read.
    public var membersOnly = false
    /// Minutes that an author must have been in the room; 0: none.
    public var knownMinutes = 0
    /// Nobody says the same thing twice within a minute.
    public var unique = false
    /// Guests and members may send links.
    public var links = true
    /// Nobody says anything.
    public var frozen = false
    /// Seconds that lines wait before others see them; 0: none.
    public var holdSeconds = 0

    /// The longest pause between two lines, in seconds: a day.
    static let slowLimit = 86_400
    /// The longest time that an author must have been in the room, in minutes: 30 days.
    static let knownLimit = 43_200
    /// The longest time that lines wait, in seconds.
    static let holdLimit = 600

    public init() {}

    /// Rules to change. Nil leaves a rule as it is.
    public struct Patch: Equatable, Sendable {
        public var slowSeconds: Int?
        public var membersOnly: Bool?
        public var knownMinutes: Int?
        public var unique: Bool?
        public var links: Bool?
        public var frozen: Bool?
        public var holdSeconds: Int?

        public init(
            slowSeconds: Int? = nil, membersOnly: Bool? = nil, knownMinutes: Int? = nil,
            unique: Bool? = nil, links: Bool? = nil, frozen: Bool? = nil, holdSeconds: Int? = nil
        ) {
            self.slowSeconds = slowSeconds
            self.membersOnly = membersOnly
            self.knownMinutes = knownMinutes
            self.unique = unique
            self.links = links
            self.frozen = frozen
            self.holdSeconds = holdSeconds
        }

        /// All rules as they are.
        init(_ rules: RoomRules) {
            slowSeconds = rules.slowSeconds
            membersOnly = rules.membersOnly
            knownMinutes = rules.knownMinutes
            unique = rules.unique
            links = rules.links
            frozen = rules.frozen
            holdSeconds = rules.holdSeconds
        }

        var isEmpty: Bool { self == Patch() }

        func applied(to rules: RoomRules) -> RoomRules {
            var rules = rules
            rules.slowSeconds = slowSeconds ?? rules.slowSeconds
            rules.membersOnly = membersOnly ?? rules.membersOnly
            rules.knownMinutes = knownMinutes ?? rules.knownMinutes
            rules.unique = unique ?? rules.unique
            rules.links = links ?? rules.links
            rules.frozen = frozen ?? rules.frozen
            rules.holdSeconds = holdSeconds ?? rules.holdSeconds
            return rules
        }
    }
}
