internal import ChatCluster
internal import Foundation
internal import Redis

/// The Redis servers of a cluster, as far as they can be looked at from here.
struct ClusterFacts: Equatable {
    struct Shard: Equatable {
        enum Outcome: Equatable {
            case visited(ShardVisit)
            /// It could not be visited, for this reason.
            case failed(String)
        }

        /// Its URL without the password.
        var url: String
        var outcome: Outcome
    }

    /// What the kernel of this machine does with a Redis that runs here.
    struct Host: Equatable {
        /// `vm.overcommit_memory`. Nil if it can't be read.
        var overcommit: Int?
        /// Whether memory is given in huge pages unasked.
        var hasHugePages: Bool
    }

    var shards: [Shard]
    /// Replicas that must have a line: `--cluster-wait`.
    var replicas = 0
    /// The node's name. Nil if none was given.
    var node: String?
    /// Nil if no Redis is on this machine.
    var host: Host?
}

extension ClusterFacts {
    /// Visits all shards, one after the other.
    static func present(_ urls: [RedisURL], replicas: Int, node: NodeName?) -> ClusterFacts {
        let shards = urls.map { url in
            // A name counts on each shard. The first is enough to tell.
            Shard(url: "\(url)", outcome: outcome(url, url == urls.first ? node : nil))
        }
        return ClusterFacts(
            shards: shards, replicas: replicas, node: node?.text,
            host: urls.contains(where: isHere) ? .present() : nil)
    }

    private static func outcome(_ url: RedisURL, _ node: NodeName?) -> Shard.Outcome {
        do throws(RedisProblem) {
            return .visited(try ShardVisit(to: url, asking: node))
        } catch {
            return .failed(error.description)
        }
    }

    private static func isHere(_ url: RedisURL) -> Bool {
        switch url.place {
        case .local: true
        case .host(let host, _): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }
}

extension ClusterFacts.Host {
    static func present() -> ClusterFacts.Host {
        func text(_ path: String) -> String {
            (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        }
        let pages = text("/sys/kernel/mm/transparent_hugepage/enabled")
        return ClusterFacts.Host(
            overcommit: Int(text("/proc/sys/vm/overcommit_memory").prefix { $0.isNumber }),
            hasHugePages: pages.contains("[always]"))
    }
}

extension ClusterOptions {
    /// What can be seen of it now. Nil if rooms aren't shared. Throws if a flag is wrong in itself.
    func present() throws(FaultList) -> ClusterFacts? {
        // Faults of the configuration file have a check of their own.
        var reading = SettingsReading(faults: FaultList())
        let urls = shards.flatMap { reading.value(of: $0) }
        let (name, replicas) = (reading.value(of: nodeName), reading.value(of: wait))
        try reading.faults.check()
        return urls.isEmpty ? nil : .present(urls, replicas: replicas, node: name)
    }
}
