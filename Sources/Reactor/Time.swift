/// A point on the monotonic clock, in nanoseconds since an arbitrary start.
public struct Instant: Comparable, Hashable, Sendable {
    public var nanoseconds: UInt64

    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    public var milliseconds: UInt64 { nanoseconds / 1_000_000 }

    /// This point and `milliseconds` more, or the end of time.
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

/// Monotonic time in steps of 250 ms, in four bytes: what deadlines of connections are counted in.
public struct CoarseTime: Comparable, Hashable, Sendable {
    /// Milliseconds in one step. A deadline fires up to one step late, never early.
    public static let step: UInt64 = 250

    public var steps: UInt32

    public init(steps: UInt32) {
        self.steps = steps
    }

    public init(_ instant: Instant) {
        steps = UInt32(truncatingIfNeeded: instant.milliseconds / Self.step)
    }

    /// This time and `milliseconds` more, rounded up to the next step, and one step on top, because
    /// this time itself may lie up to a step in the past.
    public func advanced(byMilliseconds milliseconds: UInt64) -> CoarseTime {
        let (rounded, _) = milliseconds.addingReportingOverflow(Self.step - 1)
        let wanted = UInt64(steps) + rounded / Self.step + 1
        return CoarseTime(steps: UInt32(clamping: wanted))
    }

    @inlinable
    public static func < (left: CoarseTime, right: CoarseTime) -> Bool { left.steps < right.steps }
}
