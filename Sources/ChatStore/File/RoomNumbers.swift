internal import Chat
internal import GRDB

/// The numbers in a room's row.
struct RoomNumbers: Equatable {
    let id: Int64
    var last: Int64
    /// `last + 1` if no line is left.
    var oldest: Int64
    /// The epoch of the last line, 0 before the first.
    var epoch: Int64

    var lines: Int64 { last - oldest + 1 }
}
