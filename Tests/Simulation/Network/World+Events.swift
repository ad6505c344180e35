internal import Reactor

/// What happens in a world.
extension World {
    package func note(_ event: @autoclosure () -> String) {
        guard let trace else { return }
        trace("\(now.milliseconds) \(event())")
    }

    package func raise(_ signal: Int32) { signals.append(signal) }

    /// The server has written, and may stand still in it.
    func written() {
        spend(faults.writeCost + standstill * 1_000_000)
        standstill = 0
    }

    /// Stores whose replies may still be on their way.
    var stores: [SimulatedStore] { earlierStores + (store.map { [$0] } ?? []) }
}
