internal import Reactor

/// The times from a line's due time to its delivery, for each receiver.
struct Timing {
    /// Lines due before this time are warm-up and aren't measured.
    var from = Instant(nanoseconds: 0)
    /// Lines due before this time are counted separately from later ones.
    var split = Instant(nanoseconds: 0)
    private(set) var lastDelivery = Instant(nanoseconds: 0)
    /// Deliveries to clients that didn't read for a while.
    private(set) var stalled = Latencies()
    /// All other deliveries, up to the last interval and since. Each delivery is recorded only
    /// once, because a server may make millions a second.
    private var earlier = Parts()
    private var recent = Parts()

    /// Latencies, grouped by the time when their lines were due.
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

    /// Takes what was recorded since the last call.
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
