internal import Chat
internal import Reactor

extension CoarseTime {
    /// A time that is never reached.
    static var never: CoarseTime { CoarseTime(steps: .max) }
}

/// The time of a tick, read once at its start, in the forms that are needed, and the reactor's
/// load.
struct Clock {
    private var time: LoopTime
    /// Whether the deadlines of connections may fire.
    var gate = DeadlineGate()
    private(set) var coarse: CoarseTime
    private(set) var wall = Timestamp(milliseconds: 0)
    private var meter = LoadMeter()
    /// When the last tick ended, on the monotonic clock.
    private var ended: Instant
    /// The text for the line or ack that was written last.
    private var lineTime = TimestampText(Timestamp(milliseconds: 0))
    private var standing = StandingFields()

    init(start: Instant) {
        time = LoopTime(start: start)
        coarse = CoarseTime(start)
        ended = start
    }

    /// The reactor's own time: the monotonic clock without the time for which it stood still.
    var now: Instant { time.now }

    /// When this tick began, on the monotonic clock.
    var began: Instant { time.began }

    /// Nanoseconds for which the process stood still before this tick.
    var standstill: UInt64 { time.standstill }

    /// A wait of at most `milliseconds` is over, `instant` is the monotonic time. Returns whether a
    /// step of the coarse clock has passed.
    mutating func tickBegan(
        at instant: Instant, wall: Timestamp, waited milliseconds: Int32?
    ) -> Bool {
        let before = coarse
        time.turnBegan(at: instant, waited: milliseconds)
        self.wall = wall
        coarse = CoarseTime(now)
        return before < coarse
    }

    /// The tick is over. Returns its duration in nanoseconds.
    mutating func tickEnded(at end: Instant) -> UInt64 {
        let began = time.began.nanoseconds
        let busy = end.nanoseconds - began
        meter.record(idle: began - ended.nanoseconds, busy: busy)
        ended = end
        return busy
    }

    /// The reactor's time at a moment of this tick, which is given on the monotonic clock.
    func moment(_ instant: Instant) -> Instant { time.moment(instant) }

    /// Busy share of recent time, in 1/1024.
    var load: UInt64 { meter.load }

    /// The time of a line as events have it. It is cached, because lines of one tick share it.
    mutating func text(of time: Timestamp) -> TimestampText {
        lineTime.move(to: time)
        return lineTime
    }

    /// The lines of the fields that a response has now, whatever it answers.
    mutating func standingFields(statesCaching: Bool) -> [UInt8] {
        standing.lines(at: wall.milliseconds, statesCaching: statesCaching)
    }
}
