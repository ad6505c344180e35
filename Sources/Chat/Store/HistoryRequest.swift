/// What the domain wants of its store.
public enum HistoryRequest: Equatable, Sendable {
    /// Store these lines, all or none, and number each with its room's next number. At most one
    /// append is under way at a time.
    case append([Draft])
    /// Look a room up.
    case open(RoomName)
    /// Read lines of a room, from the first number to the last one, as many of them as fit into
    /// ``HistoryPage/lineLimit`` and ``HistoryPage/byteLimit``.
    case read(RoomName, from: UInt64, through: UInt64)
}
