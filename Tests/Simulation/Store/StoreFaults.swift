package import TestSupport

/// What a store does that is seldom good: delays in milliseconds, and how often something happens,
/// in numbers of a thousand.
package struct StoreFaults: Sendable {
    /// How long it takes until the store is open, at most.
    package var opening = 0
    /// It can't be opened at first, and says so.
    package var failsToOpen = false
    /// What it has can be read all the same.
    package var readsUnopened = false
    /// How long an append takes, at most.
    package var commit = 0
    /// How long a read, or a look at a room, takes, at most.
    package var read = 0
    /// Turns of the server that each step of the work takes, at most.
    package var turns = 0
    /// An append fails, and those after it, too, for a while.
    package var failures = 0
    /// How long that while is, at most.
    package var outage = 0
    /// A read, or a look at a room, fails.
    package var readFailures = 0
    /// After an append, lines of a room are given up.
    package var prunings = 0
    /// The server is woken though there is nothing to take.
    package var wakes = 0
    /// The store can't tell what became of a group. Half of these groups are stored.
    package var unknowns = 0
    /// A room lags instead of telling a group's lines.
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
