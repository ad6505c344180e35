internal import Reactor

/// How long lines took from the moment at which they were due to each of their receivers.
struct Timing {
    /// Lines that are due earlier warm up, and aren't measured.
    var from = Instant(nanoseconds: 0)
    /// Lines that are due earlier are told apart from the others: before something happened.
    var split = Instant(nanoseconds: 0)
    private(set) var lastDelivery = Instant(nanoseconds: 0)
    /// Those of clients that didn't read for a while.
    private(set) var stalled = Latencies()
    /// All others up to the last interval, and those since. Each delivery is recorded once, because
    /// a server may bring millions a second.
    private var earlier = Parts()
    private var recent = Parts()

    /// Latencies by when their lines were due.
    private struct Parts {
        var warmUp = Latencies()
        var before = Latencies()
        var measured = Latencies()
    }

    var before: Latencies { Self.sum([earlier.before, recent.before]) }
    var measured: Latencies { Self.sum([earlier.measured, recent.measured]) }

    mutating func record(due: Instant, received: Instant, wasStalled: Bool) {
        lastDelivery = received
        if wasStalled {
            stalled.record(from: due, to: received)
        } else if due < from {
            recent.warmUp.record(from: due, to: received)
        } else if due < split {
            recent.before.record(from: due, to: received)
        } else {
            recent.measured.record(from: due, to: received)
        }
    }

    /// What was recorded since the last time.
    mutating func takeRecent() -> Latencies {
        let all = Self.sum([recent.warmUp, recent.before, recent.measured])
        earlier.before.add(recent.before)
        earlier.measured.add(recent.measured)
        recent.warmUp.reset()
        recent.before.reset()
        recent.measured.reset()
        return all
    }

    private static func sum(_ parts: [Latencies]) -> Latencies {
        parts.reduce(into: Latencies()) { $0.add($1) }
    }
}
