internal import Chat

/// A room that the server of a node follows.
struct Following {
    var epoch: Epoch?
    /// The position that the server knows. Nil until it knows one.
    var cursor: RoomCursor?
    /// The first number that was promised, and the lines after it that have come.
    var first: UInt64 = 0
    var seen: Set<UInt64> = []
    /// Whether entries may come.
    var isFollowed = false
    /// The highest numbers of an earlier epoch that the node has told while it followed.
    var highest: RoomCursor?
    /// When to ask again. Nil if an answer is awaited, or there was one.
    var retry: UInt64?
    /// The ranges that have yet to be read: the last number of each by its first.
    var missing: [UInt64: UInt64] = [:]
}
