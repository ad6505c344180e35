/// A follower's request to its orderer.
public enum OrdererRequest: Equatable, Sendable {
    /// Give each of these lines its room's next number, and store them if anything is stored. At
    /// most one such request is under way at a time; it is never empty.
    case append([Submission])
    /// Follow a room: its state now, and from then on its entries. A room that is followed already
    /// gets another snapshot.
    case follow(RoomName)
    /// The follower's last member has left the room: send no more of its entries.
    case unfollow(RoomName)
    /// Read lines of a room, from the first number to the last one, as many of them as fit into
    /// ``RoomPage/lineLimit`` and ``RoomPage/byteLimit``.
    case read(RoomName, from: UInt64, through: UInt64)
}
