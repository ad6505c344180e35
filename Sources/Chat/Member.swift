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
    /// The number of the last line it was fed; kept only while it is behind.
    public internal(set) var cursor: UInt64 = 0
    /// The next membership of the same member.
    var next: MembershipID
}

/// What the hub keeps of a member itself.
struct Member {
    var first = MembershipID.none
    var lines = TokenBucket()
}
