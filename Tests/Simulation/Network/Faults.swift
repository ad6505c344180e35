package import TestSupport

/// How often the network does what it may do, but seldom does: each a number of a thousand.
package struct Faults: Sendable {
    /// A read brings fewer bytes than are there.
    package var shortReads = 0
    /// A write takes fewer bytes than there is room for.
    package var shortWrites = 0
    /// A read or a write that could go on says that it would block.
    package var refusals = 0
    /// A wait is interrupted by a signal of no concern (`EINTR`).
    package var interrupts = 0
    /// A wait reports some of what is ready, and in another order.
    package var partialReports = 0
    /// A wait reports a connection that is closed, as it can when it was under way.
    package var staleReports = 0
    /// A write finds no memory (`ENOBUFS`).
    package var exhaustedSends = 0
    /// A read finds no memory.
    package var exhaustedReads = 0
    /// An accept finds no memory or descriptor.
    package var exhaustedAccepts = 0
    /// A waiting connection is gone when it is accepted.
    package var abortedAccepts = 0
    /// A connection can't be added to what is watched (`ENOMEM` or `ENOSPC`).
    package var failedRegistrations = 0
    /// What a connection is watched for can't be changed (`ENOMEM`).
    package var failedChanges = 0
    /// Nanoseconds that a write takes; not a number of a thousand.
    package var writeCost: UInt64 = 0
    /// Somebody's connection breaks in a turn of the crowd.
    package var resets = 0
    /// The wall clock jumps in a turn of the crowd.
    package var clockSteps = 0
    /// What a client writes arrives in pieces, cut anywhere.
    package var cuts = 0
    /// A burst of new visitors comes in a turn of the crowd.
    package var storms = 0

    package static let none = Faults()

    package init() {}

    /// Each kind of fault is left out half of the time, so that seeds differ in kind, not only in
    /// detail, and rare kinds aren't drowned by common ones.
    package init(drawnFrom random: inout SplitMix64) {
        func draw(_ intensities: [Int]) -> Int { Self.draw(intensities, from: &random) }
        shortReads = draw([50, 300, 900])
        shortWrites = draw([20, 200, 700])
        refusals = draw([20, 200])
        interrupts = draw([20, 200])
        partialReports = draw([50, 500])
        staleReports = draw([20, 200])
        exhaustedSends = draw([5, 100])
        exhaustedReads = draw([5, 100])
        exhaustedAccepts = draw([20, 200])
        abortedAccepts = draw([20, 200])
        resets = draw([2, 20])
        clockSteps = draw([20, 200])
        cuts = draw([50, 500])
        storms = draw([5, 20])
        writeCost = UInt64(draw([10_000, 1_000_000]))
    }

    /// How often the poller fails. It is drawn behind all else that a seed decides, so that a seed
    /// for which it never fails plays as it did before there were these faults.
    package mutating func drawPoller(from random: inout SplitMix64) {
        failedRegistrations = Self.draw([20, 200], from: &random)
        failedChanges = Self.draw([20, 200], from: &random)
    }

    private static func draw(_ intensities: [Int], from random: inout SplitMix64) -> Int {
        Bool.random(using: &random) ? 0 : random.pick(intensities)
    }
}
