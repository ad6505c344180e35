package import Logging
package import Redis

/// Tells the operator that a shard can't be reached, in few entries however often it is tried.
package struct ShardOutage {
    /// The time between two entries about one outage, in milliseconds.
    private static let pause: UInt64 = 60_000

    private let shard: RedisURL
    /// When it began, and when it was last told.
    private var outage: (began: UInt64, told: UInt64)?
    private var wasReached = false
    private var epochChanges = 0

    package init(of shard: RedisURL) {
        self.shard = shard
    }

    /// A try has failed. `reason` names the shard.
    package mutating func failed(_ reason: String, at now: UInt64, _ log: Logger?) {
        if let outage, now < outage.told + Self.pause { return }
        let began = outage?.began ?? now
        log?.warning(
            "A Redis of the cluster can't be reached",
            metadata: ["reason": "\(reason)", "seconds": "\((now - began) / 1_000)"])
        outage = (began, now)
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
