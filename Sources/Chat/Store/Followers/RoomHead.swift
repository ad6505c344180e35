/// The ends of a room's stream, as a follower that reads the store sees them.
public struct RoomHead: Equatable, Sendable {
    public let room: RoomName
    /// The number of the oldest line left, or the one after the last line if none is left.
    public let oldest: UInt64
    /// The numbers of the last line and of the last change.
    public let last: RoomCursor

    public init(_ room: RoomName, oldest: UInt64, last: RoomCursor) {
        self.room = room
        self.oldest = oldest
        self.last = last
    }
}
