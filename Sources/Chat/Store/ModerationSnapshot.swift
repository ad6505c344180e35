/// What all changes add up to, as a server without a history gets it at its start.
public struct ModerationSnapshot: Equatable, Sendable {
    public struct Room: Equatable, Sendable {
        public let name: RoomName
        /// The number of its last change.
        public let lastRev: UInt64
        public let settings: RoomSettings

        public init(name: RoomName, lastRev: UInt64, settings: RoomSettings) {
            self.name = name
            self.lastRev = lastRev
            self.settings = settings
        }
    }

    public var rooms: [Room]
    public var bans: [OrdererOpening.StoredBan]
    public var terms: [OrdererOpening.StoredTerms]

    public var held: [HeldRoom]

    public init(
        rooms: [Room] = [], bans: [OrdererOpening.StoredBan] = [],
        terms: [OrdererOpening.StoredTerms] = [], held: [HeldRoom] = []
    ) {
        self.terms = terms
        self.rooms = rooms
        self.bans = bans
        self.held = held
    }
}
