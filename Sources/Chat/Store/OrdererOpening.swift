/// The state of an orderer when it opens.
public struct OrdererOpening: Equatable, Sendable {
    /// The epoch of all entries from now on.
    public let epoch: Epoch
    /// All epochs, if rooms are on several shards. Each room is in one of them.
    public var epochs: [Epoch]
    /// Lines with a key, of all rooms, sent within ``RecentSends/period``.
    public let sends: [StoredSend]

    /// The bans and timeouts in force.
    public var bans: [StoredBan]

    /// The terms of all rooms that have any.
    public var terms: [StoredTerms] = []
    /// The lines that wait.
    public var held: [HeldRoom]

    public init(
        epoch: Epoch, sends: [StoredSend], bans: [StoredBan] = [], held: [HeldRoom] = []
    ) {
        self.epoch = epoch
        epochs = [epoch]
        self.sends = sends
        self.bans = bans
        self.held = held
    }

    /// The terms of a room, or of the whole server.
    public struct StoredTerms: Equatable, Sendable {
        public let room: RoomName
        public let state: TermState

        public init(room: RoomName, _ state: TermState) {
            self.room = room
            self.state = state
        }
    }

    /// A ban in a room, or everywhere.
    public struct StoredBan: Equatable, Sendable {
        public let room: RoomName
        public let ban: Ban

        public init(room: RoomName, _ ban: Ban) {
            self.room = room
            self.ban = ban
        }
    }
}
