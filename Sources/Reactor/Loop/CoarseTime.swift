/// Monotonic time in steps of 250 ms, in four bytes. Deadlines of connections are counted in it.
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

    /// This time plus `milliseconds`, rounded up to the next step, plus one step, because this time
    /// itself may be up to one step old.
    public func advanced(byMilliseconds milliseconds: UInt64) -> CoarseTime {
        let (rounded, _) = milliseconds.addingReportingOverflow(Self.step - 1)
        let wanted = UInt64(steps) + rounded / Self.step + 1
        return CoarseTime(steps: UInt32(clamping: wanted))
    }

    @inlinable
    public static func < (left: CoarseTime, right: CoarseTime) -> Bool { left.steps < right.steps }
}
