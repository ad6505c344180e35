/// Who takes part: one connection. The number is the caller's, small and dense, as of a slot table.
public struct MemberID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public init(index: Int) {
        rawValue = UInt32(index)
    }

    public var index: Int { Int(rawValue) }
}

/// The number of a ``Membership`` while it lasts; numbers are used again.
public struct MembershipID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public var index: Int { Int(rawValue) }

    static let none = MembershipID(rawValue: .max)
}

/// One member in one room.
public struct Membership {
    public let member: MemberID
    public let room: RoomID
    /// Its place in the room's seats.
    var seat: Int32
    /// The next membership of the same member.
    var next: MembershipID
    /// The name under which the member speaks here, if it has given one.
    public internal(set) var username: String?
    /// The number of the last line it was fed; kept only while it is behind.
    public internal(set) var cursor: UInt64 = 0
    /// Up to this line it was promised what the room's log doesn't have any more, from the store.
    public internal(set) var replayEnd: UInt64 = 0
    /// The last of the room's changes that it knows.
    public internal(set) var knownChanges: UInt32 = 0
    /// Whether it is told of others.
    let listens: Bool
    /// Whether lines for it are on their way from the store.
    public var isReading = false

    /// Whether the store is to be asked for its next line, where the room's log hasn't got it.
    public var isReplaying: Bool { cursor < replayEnd }
}

/// What the hub keeps of a member itself.
struct Member {
    var first = MembershipID.none
    var lines = TokenBucket()
}
