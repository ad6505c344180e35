/// The time to wait before the next attempt: exponential with full jitter. The wait is drawn
/// uniformly from 0 to `base · 2ⁿ`, so that clients that lost their server at the same moment come
/// back at different times.
public struct Backoff: Equatable, Sendable {
    /// The upper bound of the first wait, in milliseconds.
    public static let base: UInt64 = 1_000
    /// The upper bound of any wait, in milliseconds. A server that is back is found soon enough.
    public static let cap: UInt64 = 30_000

    /// Attempts since the last connection that held.
    private var tries = 0

    public init() {}

    /// The upper bound of the next wait, in milliseconds.
    public var bound: UInt64 {
        // Above 2^15 the cap has been reached.
        min(Self.cap, Self.base << UInt64(min(tries, 15)))
    }

    /// An attempt has failed. Returns the milliseconds to wait before the next one.
    public mutating func failed(using random: inout some RandomNumberGenerator) -> UInt64 {
        defer { tries += 1 }
        return .random(in: 0...bound, using: &random)
    }

    /// An attempt has led to a connection that held.
    public mutating func held() {
        tries = 0
    }
}
