/// How long to wait before the next try: exponential with full jitter. The wait is drawn evenly
/// from 0 to `base · 2ⁿ`, so that a crowd that lost its server at one moment comes back spread out.
public struct Backoff: Equatable, Sendable {
    /// Milliseconds that the first wait is at most.
    public static let base: UInt64 = 1_000
    /// Milliseconds that any wait is at most: a server that is back is found soon enough.
    public static let cap: UInt64 = 30_000

    /// Tries since the last that held.
    private var tries = 0

    public init() {}

    /// Milliseconds that the next wait is at most.
    public var bound: UInt64 {
        // Past 2^15 the cap has been reached.
        min(Self.cap, Self.base << UInt64(min(tries, 15)))
    }

    /// A try has failed: milliseconds to wait before the next one.
    public mutating func failed(using random: inout some RandomNumberGenerator) -> UInt64 {
        defer { tries += 1 }
        return .random(in: 0...bound, using: &random)
    }

    /// A try has led to a connection that held.
    public mutating func held() {
        tries = 0
    }
}
