internal import Chat
internal import Reactor

extension CoarseTime {
    /// A time that is never reached.
    static var never: CoarseTime { CoarseTime(steps: .max) }
}

/// The time of a tick, read once at its start, in the forms that are needed, and the reactor's
/// load.
struct Clock {
    private(set) var now: Instant
    private(set) var coarse: CoarseTime
    private(set) var wall = Timestamp(milliseconds: 0)
    private var meter = LoadMeter()
    /// When the last tick ended.
    private var ended: Instant
    /// The text for the line or ack that was written last.
    private var lineTime = TimestampText(Timestamp(milliseconds: 0))
    private var date = HTTPDate()

    init(start: Instant) {
        now = start
        coarse = CoarseTime(start)
        ended = start
    }

    /// A wait is over. Returns whether a step of the coarse clock has passed.
    mutating func tickBegan(at now: Instant, wall: Timestamp) -> Bool {
        let before = coarse
        self.now = now
        self.wall = wall
        coarse = CoarseTime(now)
        return before < coarse
    }

    /// The tick is over. Returns its duration in nanoseconds.
    mutating func tickEnded(at end: Instant) -> UInt64 {
        let busy = end.nanoseconds - now.nanoseconds
        meter.record(idle: now.nanoseconds - ended.nanoseconds, busy: busy)
        ended = end
        return busy
    }

    /// Busy share of recent time, in 1/1024.
    var load: UInt64 { meter.load }

    /// The time of a line as events have it. It is cached, because lines of one tick share it.
    mutating func text(of time: Timestamp) -> TimestampText {
        lineTime.move(to: time)
        return lineTime
    }

    /// The current time in the format of the field `Date`.
    mutating func httpDate() -> String { date.text(at: wall.milliseconds) }
}
