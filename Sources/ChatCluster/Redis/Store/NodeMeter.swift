internal import Chat
internal import Synchronization

/// Metrics that the node's thread changes and others read.
final class NodeMeter: Sendable {
    private let node: String
    private let values = Mutex((StoreMetrics(), [ClusterReport.Shard]()))

    init(node: String) {
        self.node = node
    }

    var metrics: StoreMetrics { values.withLock { $0.0 } }

    /// How the node fares.
    var report: ClusterReport {
        ClusterReport(node: node, shards: values.withLock { $0.1 })
    }

    /// Replies are on their way to the server. `nanoseconds` is the time that the group which they
    /// answer has taken.
    func replied(_ replies: [OrdererReply], after nanoseconds: UInt64) {
        values.withLock { values in
            for reply in replies { Self.count(reply, after: nanoseconds, in: &values.0) }
        }
    }

    /// This is how the shards are now.
    func looked(at shards: [ClusterReport.Shard]) {
        values.withLock { values in
            values.0.linesPruned = shards.reduce(0) { $0 + $1.counts.prunedEntries }
            values.1 = shards
        }
    }

    private static func count(
        _ reply: OrdererReply, after nanoseconds: UInt64, in metrics: inout StoreMetrics
    ) {
        switch reply {
        case .ready, .recovered: metrics.isFailing = false
        case .failing: metrics.isFailing = true
        case .answered(let answers):
            let stored = answers.count { answer in
                if case .ordered = answer { true } else { false }
            }
            metrics.linesStored += stored
            if answers.contains(where: { $0 == .failed || $0 == .uncertain }) {
                metrics.failedGroups += 1
            } else {
                metrics.groups += 1
                metrics.lastCommitNanoseconds = Int(clamping: nanoseconds)
                metrics.commits.record(nanoseconds: nanoseconds)
            }
        case .checking, .changed, .held, .notified, .reported, .following, .followFailed, .entries,
            .lagging, .read, .readFailed, .pruned, .present:
            break
        }
    }
}
