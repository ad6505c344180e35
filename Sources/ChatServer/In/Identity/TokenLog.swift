internal import Chat
internal import Identity
internal import Reactor

/// Which refusals of tokens are logged. A flood of bad tokens must not fill the disk, so beyond a
/// few at once only some are, with the number of those that were left out.
struct TokenLog {
    private static let perSecond = 2
    private static let burst = 50

    /// A refusal for the log.
    struct Entry: Equatable {
        let reason: String
        /// The refusals before it that weren't logged.
        let omitted: UInt64
    }

    private var allowance = TokenBucket()
    private var omitted: UInt64 = 0

    /// A token was refused. Nil if that isn't logged.
    mutating func refused(_ refusal: TokenRefusal, at now: Instant) -> Entry? {
        let wait = allowance.take(
            rate: Self.perSecond, burst: Self.burst, at: now.milliseconds)
        guard wait == nil else {
            omitted += 1
            return nil
        }
        defer { omitted = 0 }
        return Entry(reason: refusal.rawValue, omitted: omitted)
    }
}
