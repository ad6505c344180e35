package import TestSupport

/// Faults of a shard and of the network between it and its nodes: delays in milliseconds, and
/// probabilities in thousandths.
package struct ShardFaults: Sendable {
    /// The longest time that a message is on its way.
    package var delay = 1
    /// A publication doesn't reach a node.
    package var losses = 0
    /// A publication reaches a node twice.
    package var doubles = 0
    /// A publication reaches a node late, and after later ones.
    package var lags = 0
    /// The longest such time.
    package var lag = 40

    // What happens in a turn of some milliseconds.

    /// A node's connections break.
    package var cuts = 0
    /// A node hears nothing, and is told nothing, for a while.
    package var partitions = 0
    /// The shard stands still for a while.
    package var pauses = 0
    /// The shard takes no writes for a while.
    package var refusals = 0
    /// The shard has too few replicas for a while, which it may or may not know.
    package var shortages = 0
    /// The shard dies and comes back with all that it had.
    package var restarts = 0
    /// The same without the last writes.
    package var rollbacks = 0
    /// Old lines of a room are deleted.
    package var trims = 0
    /// A node dies and comes back as another run.
    package var deaths = 0
    /// The server's mailbox is full.
    package var overflows = 0

    package static let none = ShardFaults()

    package init() {}

    /// Each kind of fault is left out half of the time.
    package init(drawnFrom random: inout SplitMix64) {
        func draw(_ intensities: [Int]) -> Int {
            Bool.random(using: &random) ? 0 : random.pick(intensities)
        }
        delay = random.pick([0, 1, 3, 10])
        losses = draw([10, 100, 500])
        doubles = draw([10, 200])
        lags = draw([10, 300])
        overflows = draw([2, 10])
        trims = draw([2, 10, 50])
        guard random.happens(700) else { return }
        cuts = draw([2, 10, 40])
        partitions = draw([2, 8])
        pauses = draw([2, 6])
        refusals = draw([2, 4])
        shortages = draw([2, 6])
        restarts = draw([2, 6])
        rollbacks = draw([2, 6])
        deaths = draw([2, 4])
    }

    /// Whether connections hold, and the shard answers.
    package var areOfPublicationsOnly: Bool {
        cuts + partitions + pauses + refusals + shortages + restarts + rollbacks + deaths == 0
    }
}
