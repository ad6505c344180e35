internal import TestSupport

/// What happens to the nodes of a cluster and to their clients, in thousandths of turns.
struct NodeFaults {
    /// A node is killed, and starts again after a while.
    var deaths = 0
    /// A node's process stands still.
    var standstills = 0
    /// A node's server stands still, while its orderer goes on.
    var stalls = 0
    /// The wall clock of a node jumps.
    var clockSteps = 0
    /// A client's connection breaks.
    var resets = 0

    /// Each kind of fault is left out half of the time.
    init(drawnFrom random: inout SplitMix64, sparing: Bool) {
        func draw(_ intensities: [Int]) -> Int {
            Bool.random(using: &random) ? 0 : random.pick(intensities)
        }
        clockSteps = draw([20, 100])
        resets = draw([20, 100])
        guard !sparing else { return }
        deaths = draw([5, 20])
        standstills = draw([10, 50])
        stalls = draw([10, 50])
    }
}
