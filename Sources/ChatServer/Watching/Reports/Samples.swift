internal import Chat
internal import Reactor

/// A few figures of the last hour, for plots: a sample every ten seconds. They are taken by ticks
/// that happen anyway, so a server without work takes none.
struct Samples {
    /// Milliseconds between two samples.
    static let interval: UInt64 = 10_000
    /// The samples of an hour.
    static let most = 360

    /// The figures at a moment. Rates are those since the sample before, in tenths a second.
    struct Sample: Equatable {
        let time: Timestamp
        var connections = 0
        var chats = 0
        var rooms = 0
        var lines = 0
        var deliveries = 0
        var refusals = 0
        var closes = 0
        var laggards = 0
        /// Bytes that count for the budget.
        var memory = 0
        /// The share of time in which the reactor worked, in tenths of a percent.
        var busy = 0
        /// Microseconds of the last commit.
        var commit = 0
    }

    /// Counts that only grow.
    struct Totals: Equatable {
        var lines: UInt64 = 0
        var deliveries: UInt64 = 0
        var refusals: UInt64 = 0
        var closes: UInt64 = 0
        /// Nanoseconds of work.
        var busy: UInt64 = 0
    }

    private var samples: [Sample] = []
    /// The place of the oldest sample, once there are as many as are kept.
    private var oldest = 0
    private var before = Totals()
    private var began: Instant
    /// When the next sample is to be taken.
    private(set) var next: CoarseTime

    init(at now: Instant) {
        began = now
        next = CoarseTime(now).advanced(byMilliseconds: Self.interval)
    }

    /// It is time for a sample, whose rates are made from these totals.
    mutating func take(_ sample: Sample, _ totals: Totals, at now: Instant) {
        var sample = sample
        let elapsed = max(now.milliseconds - min(began.milliseconds, now.milliseconds), 1)
        func rate(_ count: (Totals) -> UInt64) -> Int {
            Int((count(totals) &- count(before)) &* 10_000 / elapsed)
        }
        sample.lines = rate(\.lines)
        sample.deliveries = rate(\.deliveries)
        sample.refusals = rate(\.refusals)
        sample.closes = rate(\.closes)
        sample.busy = Int((totals.busy &- before.busy) / 1_000 / elapsed)
        (before, began) = (totals, now)
        next = CoarseTime(now).advanced(byMilliseconds: Self.interval)
        guard samples.count == Self.most else { return samples.append(sample) }
        samples[oldest] = sample
        oldest = (oldest + 1) % Self.most
    }

    /// The samples that were taken after this time, the oldest first.
    func taken(after time: UInt64) -> [Sample] {
        let all = samples[oldest...] + samples[..<oldest]
        return all.filter { UInt64($0.time.milliseconds) > time }
    }
}
