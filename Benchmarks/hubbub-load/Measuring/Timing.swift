internal import Reactor

/// How long lines took from the moment at which they were due to each of their receivers.
struct Timing {
    /// Lines that are due earlier warm up, and aren't measured.
    var from = Instant(nanoseconds: 0)
    /// Lines that are due earlier are told apart from the others: before something happened.
    var split = Instant(nanoseconds: 0)
    private(set) var lastDelivery = Instant(nanoseconds: 0)
    private(set) var before = Latencies()
    private(set) var measured = Latencies()
    /// Those of clients that didn't read for a while.
    private(set) var stalled = Latencies()
    /// Those since the last interval.
    private var recent = Latencies()

    mutating func record(due: Instant, received: Instant, wasStalled: Bool) {
        lastDelivery = received
        if wasStalled { return stalled.record(from: due, to: received) }
        recent.record(from: due, to: received)
        if from <= due {
            if due < split {
                before.record(from: due, to: received)
            } else {
                measured.record(from: due, to: received)
            }
        }
    }

    /// What was recorded since the last time.
    mutating func takeRecent() -> Latencies {
        defer { recent.reset() }
        return recent
    }
}
