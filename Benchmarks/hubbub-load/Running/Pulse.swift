internal import Reactor

/// Divides a run into seconds.
struct Pulse {
    private static let second: UInt64 = 1_000_000_000

    private let origin: Instant
    private var next: UInt64
    private var before = (opened: 0, sent: 0, delivered: 0)

    init(origin: Instant, now: Instant) {
        self.origin = origin
        let passed = now.nanoseconds - min(origin.nanoseconds, now.nanoseconds)
        next = passed / Self.second + 1
    }

    /// The interval of the second that is over. Nil while it isn't. After a stall of more than a
    /// second, everything counts for its last second.
    mutating func interval(of crowd: inout Crowd) -> Interval? {
        let now = crowd.now.nanoseconds
        guard now >= origin.nanoseconds + next * Self.second else { return nil }
        let passed = (now - origin.nanoseconds) / Self.second
        next = passed + 1
        let counts = (opened: crowd.opened, sent: crowd.linesSent, delivered: crowd.delivered)
        var interval = Interval(second: Int(passed))
        interval.connections = crowd.inside
        interval.opened = counts.opened - before.opened
        interval.sent = counts.sent - before.sent
        interval.delivered = counts.delivered - before.delivered
        interval.latencies = crowd.timing.takeRecent()
        before = counts
        return interval
    }
}
