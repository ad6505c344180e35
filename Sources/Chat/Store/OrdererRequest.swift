/// A follower's request to its orderer.
public enum OrdererRequest: Equatable, Sendable {
    /// Give each of these lines its room's next number, and store them if anything is stored. At
    /// most one such request is pending at a time. It is never empty.
    case append([Submission])
    /// Follow a room: send its state now, and then its entries. A room that is already followed
    /// gets another snapshot.
    case follow(RoomName)
    /// The same. If the room is followed already, send first what the follower doesn't have:
    /// another server that shares the room may have told a client more.
    case catchUp(RoomName)
    /// The follower's last member has left the room. Send no more of its entries.
    case unfollow(RoomName)
    /// Read lines of a room, from the first number to the last, as many as fit into
    /// ``RoomPage/lineLimit`` and ``RoomPage/byteLimit``.
    case read(RoomName, from: UInt64, through: UInt64)
    /// Order a change, and store it if anything is stored.
    indirect case change(ChangeRequest)
    /// Keep a line that waits, or say some.
    indirect case held(HeldRequest)
    /// Tell all other servers what this one does. It isn't answered.
    indirect case notify(ServerNotice)
    /// List changes, or what is in force.
    indirect case report(id: UInt64, RoomName, ReportQuery)
    /// The follower's own members of a room are these now. Only an orderer that
    /// ``Orderer/isShared`` gets it. It isn't sent when the last one leaves:
    /// ``unfollow(_:)`` says that.
    indirect case present(RoomName, RoomPresence)
}
