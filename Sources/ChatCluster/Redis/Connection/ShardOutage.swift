package import Logging
package import Redis

/// Tells the operator that a shard can't be used, in few entries however often it is tried.
package struct ShardOutage {
    /// The time between two entries about one outage with the same reason, in milliseconds.
    private static let pause: UInt64 = 60_000
    /// Reasons of an outage that are told at once.
    private static let reasons = 4

    private let shard: RedisURL
    /// When it began, when it was last told, and the reasons so far.
    private var outage: (began: UInt64, told: UInt64, reasons: Set<String>)?
    private var wasReached = false
    private var epochChanges = 0

    package init(of shard: RedisURL) {
        self.shard = shard
    }

    /// A try has failed. `reason` names the shard.
    package mutating func failed(_ reason: String, at now: UInt64, _ log: Logger?) {
        let began = outage?.began ?? now
        var reasons = outage?.reasons ?? []
        let isNew = reasons.count < Self.reasons && reasons.insert(reason).inserted
        if let outage, !isNew, now < outage.told + Self.pause { return }
        log?.warning(
            "A Redis of the cluster can't be used",
            metadata: ["reason": "\(reason)", "seconds": "\((now - began) / 1_000)"])
        outage = (began, now, reasons)
    }

    /// The shard is connected.
    package mutating func ended(at now: UInt64, _ log: Logger?) {
        if let outage {
            log?.notice(
                "A Redis of the cluster is connected again",
                metadata: [
                    "redis": "\(shard)", "seconds": "\((now - outage.began) / 1_000)",
                ])
        } else if !wasReached {
            log?.info("A Redis of the cluster is connected", metadata: ["redis": "\(shard)"])
        }
        (outage, wasReached) = (nil, true)
    }

    /// The shard's epoch has changed so many times.
    package mutating func sawEpochChanges(_ count: Int, _ log: Logger?) {
        guard count > epochChanges else { return }
        epochChanges = count
        log?.warning(
            "A Redis of the cluster was started anew, or replaced: a new epoch begins",
            metadata: ["redis": "\(shard)"])
    }
}
