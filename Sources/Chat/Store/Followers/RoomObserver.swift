/// Is told what a server does and no store keeps. It is called on the server's thread, so it must
/// not block.
public protocol RoomObserver: AnyObject, Sendable {
    /// A connection has entered a room, behind the line with this number.
    func entered(
        _ room: RoomName, as username: String?, user: String?, after seq: UInt64,
        at time: Timestamp)

    /// A connection has left a room.
    func left(
        _ room: RoomName, as username: String?, user: String?, after seq: UInt64,
        at time: Timestamp)

    /// Whether it wants to be told of members. It is asked at the start, and when settings have
    /// changed.
    var takesMembers: Bool { get }

    /// The same of lines and changes.
    var takesLines: Bool { get }

    /// A line was said that isn't kept.
    func said(_ line: Line, in room: RoomName)

    /// A room has changed whose lines aren't kept.
    func changed(_ change: RoomChange, in room: RoomName)

    /// How the followers that are served fare. Safe to call from any thread.
    var reports: [FollowerReport] { get }
}
