/// A point on the monotonic clock, in nanoseconds since an arbitrary start.
public struct Instant: Comparable, Hashable, Sendable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    public var milliseconds: UInt64 { nanoseconds / 1_000_000 }

    /// This point plus `milliseconds`. Stops at the largest instant instead of overflowing.
    public func advanced(byMilliseconds milliseconds: UInt64) -> Instant {
        let (added, isTooLong) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        let (sum, isTooLate) = nanoseconds.addingReportingOverflow(added)
        return Instant(nanoseconds: isTooLong || isTooLate ? .max : sum)
    }

    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
