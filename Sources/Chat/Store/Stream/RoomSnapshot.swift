/// The state of a room at one position of its stream.
public struct RoomSnapshot: Equatable, Sendable {
    /// The epoch that gives the room's numbers their meaning.
    public let epoch: Epoch
    /// The number of the last line ever said, 0 before the first. It outlives the line.
    public let lastSeq: UInt64
    /// The number of the last change, 0 before the first.
    public let lastRev: UInt64
    /// The number of the oldest line that can still be read, or `lastSeq + 1` if there is none.
    public let oldest: UInt64
    /// Earlier epochs of the room, each with its last certain number. Up to that number, its
    /// numbers still mean the same lines.
    public let ends: [EpochEnd]
    /// The last changes, up to `lastRev`, as many as the orderer hands out: at most
    /// ``changeLimit``.
    public private(set) var changes: [RoomChange] = []

    /// What all changes add up to.
    public private(set) var settings = RoomSettings()

    /// The members on other servers that share the room.
    public private(set) var elsewhere = RoomPresence.nobody

    /// The largest number of changes in a snapshot.
    public static let changeLimit = 256

    /// The same with the changes of the room.
    public func with(
        lastRev: UInt64, changes: [RoomChange], settings: RoomSettings = RoomSettings()
    ) -> RoomSnapshot {
        var snapshot = RoomSnapshot(
            epoch: epoch, lastSeq: lastSeq, lastRev: lastRev, oldest: oldest, ends: ends)
        snapshot.changes = changes
        snapshot.settings = settings
        snapshot.elsewhere = elsewhere
        return snapshot
    }

    /// The same with the members on other servers.
    public func with(elsewhere: RoomPresence) -> RoomSnapshot {
        var snapshot = self
        snapshot.elsewhere = elsewhere
        return snapshot
    }

    public init(
        epoch: Epoch, lastSeq: UInt64, lastRev: UInt64 = 0, oldest: UInt64, ends: [EpochEnd] = []
    ) {
        self.epoch = epoch
        self.lastSeq = lastSeq
        self.lastRev = lastRev
        self.oldest = oldest
        self.ends = ends
    }
}
