/// The number of a room while it lives; numbers of rooms that vanished are used again.
public struct RoomID: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    public var index: Int { Int(rawValue) }
}

/// A place in a room: who sits there, and with which membership.
public struct Seat: Hashable, Sendable {
    public let member: MemberID
    public let membership: MembershipID
}

/// One room: its members and the number of its last line.
///
/// The seats are partitioned: the first ``headCount`` belong to members *at the head*, who take
/// each new line as it comes; the others are *behind* and are fed from the room's log at their own
/// pace.
public struct Room {
    public let name: RoomName
    /// The number of the last line, 0 before the first.
    public internal(set) var lastSeq: UInt64 = 0
    public internal(set) var seats: [Seat] = []
    public internal(set) var headCount = 0

    init(name: RoomName) {
        self.name = name
    }
}
