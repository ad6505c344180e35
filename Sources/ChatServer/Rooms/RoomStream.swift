/// What a server keeps of a room's stream: the log of its recent frames, the batch that is open,
/// and who takes what.
struct RoomStream {
    var log = RoomLog()
    /// The open batch, as a number in the list of those.
    var batch: Int32?
    /// Nanoseconds on the monotonic clock until when the batch is held.
    var heldUntil: UInt64 = 0
    /// Members that take deflated messages.
    var deflating: Int32 = 0
    /// Whether the room stands in the list of those whose logs hold something.
    var isWarm = false
    /// Whether the room stands in the list of those with news of who is there.
    var hasNews = false
}
