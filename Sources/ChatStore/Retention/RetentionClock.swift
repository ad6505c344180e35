internal import Chat

/// The time by which lines age. It follows the machine's clock, which may jump: ahead, and a week
/// of history would be deleted for good; or back, and lines would be kept longer than was promised.
///
/// It never goes back, and it is never slower than the time that passes. What the machine's clock
/// is ahead of it, it makes up for in steps of an hour, one each round of upkeep.
struct RetentionClock {
    /// Milliseconds of a step.
    static let step: Int64 = 3_600_000

    /// Milliseconds that a stored time may be ahead of the machine's clock, some more than a month.
    /// Beyond that it is a mistake, which would delete everything.
    private static let lead: Int64 = 32 * 86_400_000

    private(set) var present: Timestamp
    /// Whether it has more than a step to make up for.
    private(set) var isBehind = false

    /// - Parameter stored: the time that the last run came to. Nil if it isn't known: the machine's
    ///   clock is believed then.
    init(stored: Timestamp?, now: Timestamp) {
        let isSound = stored.map { $0.milliseconds <= now.milliseconds + Self.lead } ?? false
        present = isSound ? stored ?? now : now
    }

    /// A round begins, some milliseconds after the one before. Returns whether it has just proved
    /// to be behind.
    mutating func passed(_ milliseconds: Int64, now: Timestamp) -> Bool {
        let due = present.milliseconds + milliseconds
        let wasBehind = isBehind
        isBehind = now.milliseconds > due + Self.step
        present = Timestamp(
            milliseconds: max(due, min(now.milliseconds, due + Self.step)))
        return isBehind && !wasBehind
    }
}
