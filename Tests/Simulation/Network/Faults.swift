package import TestSupport

/// Probabilities of rare events in the network, in thousandths.
package struct Faults: Sendable {
    /// A read brings fewer bytes than are there.
    package var shortReads = 0
    /// A write takes fewer bytes than there is room for.
    package var shortWrites = 0
    /// A read or a write that could proceed would block.
    package var refusals = 0
    /// A wait is interrupted by an irrelevant signal (`EINTR`).
    package var interrupts = 0
    /// A wait reports only some of the ready sockets, in another order.
    package var partialReports = 0
    /// A wait reports a closed connection, as happens if the event was already under way.
    package var staleReports = 0
    /// A write fails for lack of memory (`ENOBUFS`).
    package var exhaustedSends = 0
    /// A read fails for lack of memory.
    package var exhaustedReads = 0
    /// An accept fails for lack of memory or descriptors.
    package var exhaustedAccepts = 0
    /// A waiting connection is gone when it is accepted.
    package var abortedAccepts = 0
    /// A connection can't be registered with the poller (`ENOMEM` or `ENOSPC`).
    package var failedRegistrations = 0
    /// A connection's interest can't be changed (`ENOMEM`).
    package var failedChanges = 0
    /// Nanoseconds that a write takes. Not a probability.
    package var writeCost: UInt64 = 0
    /// A client's connection breaks in a turn of the crowd.
    package var resets = 0
    /// The wall clock jumps in a turn of the crowd.
    package var clockSteps = 0
    /// A client's bytes arrive in pieces, cut anywhere.
    package var cuts = 0
    /// Many new visitors arrive in a turn of the crowd.
    package var storms = 0

    package static let none = Faults()

    package init() {}

    /// Each kind of fault is left out half of the time. So seeds differ in kind, and common faults
    /// don't hide rare ones.
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

    /// Draws how often the poller fails. This comes after everything else that a seed decides, so
    /// that a seed without such failures plays as it did before they existed.
    package mutating func drawPoller(from random: inout SplitMix64) {
        failedRegistrations = Self.draw([20, 200], from: &random)
        failedChanges = Self.draw([20, 200], from: &random)
    }

    private static func draw(_ intensities: [Int], from random: inout SplitMix64) -> Int {
        Bool.random(using: &random) ? 0 : random.pick(intensities)
    }
}
