internal import Chat
internal import GRDB

/// A room's row, as far as its numbers go.
struct RoomNumbers: Equatable {
    let id: Int64
    var last: Int64
    /// `last + 1` where no line is left.
    var oldest: Int64
    /// The epoch of the last line; 0 before the first one.
    var epoch: Int64

    var lines: Int64 { last - oldest + 1 }
}
