/// The time of a loop: the monotonic clock without the time for which the process stood still.
///
/// A stopped process, a frozen container and a paused machine all wake up late. Their deadlines
/// must not pass meanwhile, because the peers could do nothing about it. So a turn that comes later
/// than its wait allows moves this time on by only ``tolerance``. The same holds for a turn that
/// takes too long under load. Time still advances then, but slower.
public struct LoopTime: Sendable {
    /// Nanoseconds by which a turn may be late, one step of ``CoarseTime``.
    public static let tolerance: UInt64 = 250_000_000
    /// The longest wait in milliseconds while a deadline is ahead. A process that stands still in
    /// the middle of a wait notices only what exceeds the wait, so at most this much is taken from
    /// its peers' time.
    public static let longestWait: Int32 = 1_000

    public private(set) var now: Instant
    /// When this turn began, on the monotonic clock.
    public private(set) var began: Instant
    /// Nanoseconds for which the process stood still before this turn.
    public private(set) var standstill: UInt64 = 0

    public init(start: Instant) {
        now = start
        began = start
    }

    /// A turn begins at `instant` on the monotonic clock, after a wait of at most `milliseconds`.
    /// If the wait could take forever, no deadline was ahead, and any time may have passed.
    public mutating func turnBegan(at instant: Instant, waited milliseconds: Int32?) {
        let elapsed = instant.nanoseconds - min(began.nanoseconds, instant.nanoseconds)
        began = instant
        standstill = 0
        if let milliseconds {
            let allowed = UInt64(max(milliseconds, 0)) * 1_000_000 + Self.tolerance
            if elapsed > allowed { standstill = elapsed - Self.tolerance }
        }
        now.nanoseconds += elapsed - standstill
    }

    /// A moment of this turn, given on the monotonic clock. It isn't later than the start of the
    /// next turn, even if the process stands still within this one.
    public func moment(_ instant: Instant) -> Instant {
        let into = instant.nanoseconds - min(began.nanoseconds, instant.nanoseconds)
        return Instant(nanoseconds: now.nanoseconds + min(into, Self.tolerance))
    }
}
