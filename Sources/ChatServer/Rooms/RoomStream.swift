internal import Reactor

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
    /// The number of the last line at the last survey, and the time of that in milliseconds; 0
    /// before the first one.
    private var surveyed: (seq: UInt64, at: UInt64) = (0, 0)
    /// The lines a second before the last survey.
    private(set) var lastPace: Float = 0

    /// The lines a second since the last survey, which begins anew. 0 at the first one.
    mutating func pace(last seq: UInt64, at now: Instant) -> Double {
        let (before, time) = (surveyed, max(now.milliseconds, 1))
        surveyed = (seq, time)
        let isKnown = before.at > 0 && before.at < time && before.seq < seq
        let pace = isKnown ? Double(seq - before.seq) * 1_000 / Double(time - before.at) : 0
        lastPace = Float(pace)
        return pace
    }

    /// The room's number stands for another room from now on.
    mutating func forgetSurvey() { (surveyed, lastPace) = ((0, 0), 0) }
}
