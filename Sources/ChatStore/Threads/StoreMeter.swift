internal import Chat
internal import Synchronization

/// Metrics that one thread changes and others read.
final class StoreMeter: Sendable {
    private let values = Mutex(StoreMetrics())

    var metrics: StoreMetrics { values.withLock { $0 } }

    func update(_ change: (inout StoreMetrics) -> Void) {
        values.withLock { change(&$0) }
    }
}
