/// When a request that failed is tried again: after 1, 2, 4 … seconds, after 20 at most in the
/// first five minutes, and then after more and more, up to an hour. Times are in milliseconds of a
/// monotonic clock.
struct RetryClock: Equatable {
    private static let firstPhase: UInt64 = 300_000
    private static let firstLimit: UInt64 = 20_000
    private static let limit: UInt64 = 3_600_000

    /// When the first of the failed tries in a row was. Nil if the last one succeeded.
    private(set) var since: UInt64?
    /// The pause before the next try, without jitter.
    private var pause: UInt64 = 500
    /// The time of the next try.
    private(set) var next: UInt64 = 0

    var isFailing: Bool { since != nil }

    /// A try has failed. `jitter`, from 0 to 1, spreads the tries of several receivers: a pause is
    /// at least half as long as it may be.
    mutating func failed(at now: UInt64, jitter: Double) {
        let start = since ?? now
        since = start
        let limit = now - min(start, now) < Self.firstPhase ? Self.firstLimit : Self.limit
        pause = min(pause * 2, limit)
        next = now + pause / 2 + UInt64(Double(pause / 2) * min(max(jitter, 0), 1))
    }

    mutating func succeeded() { self = RetryClock() }
}
