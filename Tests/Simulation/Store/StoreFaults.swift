package import TestSupport

/// Faults of a store: delays in milliseconds, and probabilities in thousandths.
package struct StoreFaults: Sendable {
    /// The longest time until the store is open.
    package var opening = 0
    /// Whether it can't be opened at first, and reports that.
    package var failsToOpen = false
    /// Whether it can be read before it is open.
    package var readsUnopened = false
    /// The longest duration of an append.
    package var commit = 0
    /// The longest duration of a read or a lookup of a room.
    package var read = 0
    /// The largest number of the server's turns that each step takes.
    package var turns = 0
    /// An append fails, and so do later ones, for a while.
    package var failures = 0
    /// The longest such while.
    package var outage = 0
    /// A read or a lookup of a room fails.
    package var readFailures = 0
    /// After an append, lines of a room are deleted.
    package var prunings = 0
    /// The server is woken although there is nothing to take.
    package var wakes = 0
    /// The store can't tell the outcome of a group. Half of these groups are stored.
    package var unknowns = 0
    /// A room lags instead of getting a group's lines.
    package var lags = 0
    /// The answer to an append comes before its entries.
    package var earlyAnswers = 0

    package static let none = StoreFaults()

    package init() {}

    /// Each kind of fault is left out half of the time.
    package init(drawnFrom random: inout SplitMix64) {
        func draw(_ intensities: [Int]) -> Int {
            Bool.random(using: &random) ? 0 : random.pick(intensities)
        }
        opening = draw([10, 500, 5_000])
        failsToOpen = opening > 0 && random.happens(300)
        commit = draw([1, 50, 1_000])
        read = draw([1, 50, 1_000])
        turns = draw([1, 5, 20])
        failures = draw([10, 100])
        outage = random.pick([1, 200, 3_000])
        readFailures = draw([10, 100])
        prunings = draw([20, 200])
        wakes = draw([20, 200])
        unknowns = draw([20, 200])
        lags = draw([10, 100])
        earlyAnswers = draw([100, 500])
        readsUnopened = failsToOpen && random.happens(500)
    }
}
