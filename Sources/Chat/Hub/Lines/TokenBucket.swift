/// Lets `burst` tokens through at once, and `rate` tokens each period on average. It is exact and
/// takes 8 bytes. A new bucket is full.
///
/// It stores one point in time: when the bucket will be full again (the generic cell rate
/// algorithm, ITU-T I.371). A millisecond has `rate` units of time and a token costs `period`
/// units, so no rate is rounded. Time runs on a circle of 2^64 units: up to `horizon` ahead of now
/// is the future, everything else is the past, so nothing overflows.
public struct TokenBucket: Sendable {
    /// The largest cost of one take: 2^32 tokens of 2^16 milliseconds.
    private static let horizon: UInt64 = 1 << 48

    private var fullAgain: UInt64 = 0

    public init() {}

    /// Takes `amount` tokens and returns nil. If that isn't possible, takes none and returns the
    /// milliseconds after which it will succeed, if no others are taken in between.
    ///
    /// An amount over the burst succeeds when the bucket is full; the excess is paid off before the
    /// next take. A rate of 0 lets everything through. A burst of 0 counts as 1.
    ///
    /// - Parameters:
    ///   - amount: tokens, below 2^32; 0 counts as 1.
    ///   - rate: tokens a period, below 2^32.
    ///   - period: in milliseconds, up to a minute.
    ///   - burst: tokens that a full bucket holds, below 2^32.
    ///   - now: milliseconds of a clock that never goes back. If `now * rate` comes near 2^64,
    ///     which takes 200 days at 10^9 tokens a second, a bucket may look empty for minutes.
    public mutating func take(
        _ amount: Int = 1, rate: Int, per period: UInt64 = 1_000, burst: Int, at now: UInt64
    ) -> UInt64? {
        guard rate > 0 else { return nil }
        let rate = Self.tokens(rate)
        let price = Self.tokens(amount) * period
        let capacity = Self.tokens(burst) * period
        let present = now &* rate
        let ahead = fullAgain &- present
        let debt = ahead <= Self.horizon ? ahead : 0
        let allowed = capacity - min(price, capacity)
        guard debt <= allowed else { return (debt - allowed + rate - 1) / rate }
        fullAgain = present &+ debt &+ price
        return nil
    }

    /// The tokens in the bucket, and the milliseconds until it is full, if none is taken.
    func left(
        rate: Int, per period: UInt64 = 1_000, burst: Int, at now: UInt64
    ) -> (tokens: Int, fullAfter: UInt64) {
        let rate = Self.tokens(rate)
        let ahead = fullAgain &- now &* rate
        let debt = ahead <= Self.horizon ? ahead : 0
        let capacity = Self.tokens(burst) * period
        return (Int((capacity - min(debt, capacity)) / period), (debt + rate - 1) / rate)
    }

    /// Whether nothing is owed, so that a new bucket would do the same.
    func isFull(rate: Int, at now: UInt64) -> Bool {
        let ahead = fullAgain &- now &* Self.tokens(rate)
        return ahead == 0 || ahead > Self.horizon
    }

    private static func tokens(_ count: Int) -> UInt64 {
        UInt64(UInt32(clamping: max(count, 1)))
    }
}
