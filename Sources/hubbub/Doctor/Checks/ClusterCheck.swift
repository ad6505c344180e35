internal import ChatCluster

/// Checks the Redis servers of a cluster: that they can be its shards, and keep what they are told.
enum ClusterCheck {
    /// Nanoseconds for an answer above which lines wait longer than they should.
    private static let slow: UInt64 = 5_000_000

    static func all(of facts: ClusterFacts) -> [HostCheck] {
        facts.shards.flatMap { shard(of: $0, facts) } + node(facts)
            + (facts.host.map { host(of: $0) } ?? [])
    }

    private static func shard(of shard: ClusterFacts.Shard, _ facts: ClusterFacts) -> [HostCheck] {
        switch shard.outcome {
        case .failed(let reason):
            return [
                HostCheck(
                    shard.url, "can't be reached", .unfit,
                    "\(reason); start it, or mend the address, user or password")
            ]
        case .visited(let visit):
            return [
                standing(visit, shard.url), persistence(visit, "what \(shard.url) keeps"),
                replicas(visit, "replicas of \(shard.url)", needed: facts.replicas),
                memory(visit.facts, "memory of \(shard.url) in MiB"),
            ]
        }
    }

    private static func standing(_ visit: ShardVisit, _ name: String) -> HostCheck {
        if let problem = visit.facts.problem {
            return HostCheck(name, "can't be used", .unfit, problem)
        }
        if visit.facts.isReplica {
            return HostCheck(
                name, "is a replica, which takes no lines", .unfit,
                "name the master, or an address that leads to it after a failover")
        }
        let time = Double(visit.answer / 10_000) / 100
        let found = "Redis \(visit.facts.version), answers in \(time) ms"
        guard visit.answer > slow else { return HostCheck(name, found) }
        return HostCheck(
            name, found, .doubtful,
            "each line waits for an answer: put it nearer, and see redis-cli --latency")
    }

    private static func persistence(_ visit: ShardVisit, _ name: String) -> HostCheck {
        if visit.facts.failsToWrite {
            return HostCheck(
                name, "the last write to its disk has failed", .unfit,
                "see its log and its disk: a Redis that can't write takes no lines")
        }
        guard visit.facts.appendsToFile else {
            let isSaved = visit.snapshots?.isEmpty == false
            return HostCheck(
                name, isSaved ? "snapshots" : "nothing, or it doesn't tell",
                isSaved ? .doubtful : .unfit,
                "lines since the last snapshot are lost when it ends: set appendonly yes and "
                    + "appendfsync always")
        }
        switch visit.sync {
        case "always": return HostCheck(name, "each line, on the disk")
        case "everysec":
            return HostCheck(
                name, "each line, on the disk within a second", .doubtful,
                "if its machine dies, the last one or two seconds are lost, and a new epoch tells "
                    + "clients: set appendfsync always if they must not be")
        case "no":
            return HostCheck(
                name, "each line, on the disk when the kernel writes it", .doubtful,
                "if its machine dies, up to half a minute is lost, and a new epoch tells clients: "
                    + "set appendfsync always, or everysec")
        case .some, nil:
            return HostCheck(
                name, "each line; it doesn't tell when that is on the disk", .doubtful,
                "see that its appendfsync is always, or let this user ask: ACL SETUSER … "
                    + "+config|get")
        }
    }

    private static func replicas(
        _ visit: ShardVisit, _ name: String, needed: Int
    ) -> HostCheck {
        let found = visit.facts.replicas
        guard found < needed else { return HostCheck(name, "\(found)") }
        return HostCheck(
            name, "\(found), \(needed) needed", .unfit,
            "no line is acknowledged before so many have it: add replicas, or lower --cluster-wait")
    }

    private static func memory(_ facts: ServerFacts, _ name: String) -> HostCheck {
        let used = facts.memory ?? 0
        guard let limit = facts.memoryLimit else {
            let machine = facts.machineMemory.map { ", of \($0 >> 20)" } ?? ""
            return HostCheck(
                name, "\(used >> 20)\(machine), without a limit", .doubtful,
                "set maxmemory, with maxmemory-policy noeviction, so that the kernel doesn't end "
                    + "it; lower --retain-lines to keep fewer lines")
        }
        let found = "\(used >> 20) of \(limit >> 20)"
        guard used > limit / 5 * 4 else { return HostCheck(name, found) }
        return HostCheck(
            name, found, used > limit / 20 * 19 ? .unfit : .doubtful,
            "a full Redis takes no lines: raise maxmemory, lower --retain-lines, or add a Redis")
    }

    private static func node(_ facts: ClusterFacts) -> [HostCheck] {
        guard let node = facts.node, case .visited(let visit)? = facts.shards.first?.outcome
        else { return [] }
        let name = "name of this node, \(node)"
        guard visit.isNameTaken else { return [HostCheck(name, "free")] }
        return [
            HostCheck(
                name, "in use", .doubtful,
                "if the daemon runs, it is the one; otherwise give each node another name")
        ]
    }

    private static func host(of host: ClusterFacts.Host) -> [HostCheck] {
        [overcommit(host), hugePages(host)]
    }

    private static func overcommit(_ host: ClusterFacts.Host) -> HostCheck {
        let name = "memory that Redis may ask for here (vm.overcommit_memory)"
        guard let value = host.overcommit else { return HostCheck(name, "can't be read here") }
        guard value != 1 else { return HostCheck(name, "1") }
        return HostCheck(
            name, "\(value)", .doubtful,
            "Redis may fail to rewrite its file when memory is short: sysctl -w "
                + "vm.overcommit_memory=1, and the same in /etc/sysctl.d to keep it")
    }

    private static func hugePages(_ host: ClusterFacts.Host) -> HostCheck {
        let name = "huge pages for Redis here (transparent_hugepage)"
        guard host.hasHugePages else { return HostCheck(name, "only if asked for") }
        return HostCheck(
            name, "always", .doubtful,
            "Redis waits for them after each snapshot: echo madvise "
                + ">/sys/kernel/mm/transparent_hugepage/enabled")
    }
}
