/// A server's state of a room's stream: the log of recent frames, the open batch, and the encodings
/// that members take.
struct RoomStream {
    var log = RoomLog()
    var changes = RoomChanges()
    var origins = LineOrigins()
    /// The index of the open batch.
    var batch: Int32?
    /// The end of the batch's hold, in nanoseconds on the monotonic clock.
    var heldUntil: UInt64 = 0
    /// The number of members that take deflated messages.
    var deflating: Int32 = 0
    /// The number of members with an event stream, and of those among them with several rooms.
    var streaming: Int32 = 0
    var placing: Int32 = 0
    /// Whether the room is in the list of rooms with a log.
    var isWarm = false
    /// Whether the room is in the list of rooms with presence news.
    var hasNews = false
}
