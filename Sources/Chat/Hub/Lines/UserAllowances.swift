/// The lines that the holders of tokens may say, whichever of their connections they use. A user
/// that hasn't said any for a while has no entry.
struct UserAllowances {
    /// The number of entries from which on those without use are looked for.
    private static let leastSwept = 1_024
    /// Beyond so many users that have all just spoken, every allowance is full again. They take
    /// about 10 MiB.
    private static let most = 65_536

    private var buckets: [ByteText: TokenBucket] = [:]
    private var sweepAt = leastSwept

    var count: Int { buckets.count }

    /// Takes a line of a user, as ``TokenBucket/take(_:rate:per:burst:at:)`` does.
    mutating func take(_ user: String, rate: Int, burst: Int, at now: UInt64) -> UInt64? {
        guard rate > 0 else { return nil }
        if buckets.count >= sweepAt { sweep(rate: rate, at: now) }
        return buckets[ByteText(user), default: TokenBucket()].take(
            rate: rate, burst: burst, at: now)
    }

    /// The lines that a user may say now, and the milliseconds until its bucket is full.
    func left(
        to user: String, rate: Int, burst: Int, at now: UInt64
    ) -> (lines: Int, fullAfter: UInt64) {
        let left = (buckets[ByteText(user)] ?? TokenBucket()).left(
            rate: rate, burst: burst, at: now)
        return (left.tokens, left.fullAfter)
    }

    mutating func removeAll() { buckets = [:] }

    private mutating func sweep(rate: Int, at now: UInt64) {
        buckets = buckets.filter { !$0.value.isFull(rate: rate, at: now) }
        if buckets.count >= Self.most { buckets = [:] }
        sweepAt = max(2 * buckets.count, Self.leastSwept)
    }
}
