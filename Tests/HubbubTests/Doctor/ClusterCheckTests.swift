import ChatCluster
import Testing

@testable import hubbub

/// Checks of made-up facts about the Redis servers of a cluster.
@Suite struct ClusterCheckTests {
    private static let info = """
        redis_version:7.0.15
        redis_mode:standalone
        role:master
        slave0:ip=10.0.0.2,port=6379,state=online,offset=1,lag=0
        slave1:ip=10.0.0.3,port=6379,state=wait_bgsave,offset=0,lag=0
        aof_enabled:1
        used_memory:1048576
        maxmemory:104857600
        maxmemory_policy:noeviction
        """

    private static func facts(
        _ info: String = info, sync: String? = "always", snapshots: String? = "",
        answer: UInt64 = 100_000, isNameTaken: Bool = false, replicas: Int = 0
    ) -> ClusterFacts {
        let visit = ShardVisit(
            facts: ServerFacts(info), sync: sync, snapshots: snapshots, answer: answer,
            isNameTaken: isNameTaken)
        return ClusterFacts(
            shards: [ClusterFacts.Shard(url: "redis://a", outcome: .visited(visit))],
            replicas: replicas, node: "web1")
    }

    private static func wrong(_ facts: ClusterFacts) -> [HostCheck] {
        ClusterCheck.all(of: facts).filter { $0.standing != .fit }
    }

    private static func changed(_ old: String, _ new: String) -> ClusterFacts {
        facts(info.replacing(old, with: new))
    }

    @Test func `a Redis that keeps everything is fit`() {
        #expect(Self.wrong(Self.facts(replicas: 1)).isEmpty)
        #expect(ClusterCheck.all(of: Self.facts())[0].found == "Redis 7.0.15, answers in 0.1 ms")
    }

    @Test(
        arguments: [
            ("redis_version:7.0.15", "redis_version:6.2.1", "7 or newer", .unfit),
            ("redis_mode:standalone", "redis_mode:cluster", "single Redis servers", .unfit),
            ("role:master", "role:slave", "name the master", .unfit),
            ("policy:noeviction", "policy:allkeys-lru", "maxmemory-policy", .unfit),
            ("aof_enabled:1", "aof_enabled:0", "appendonly yes", .unfit),
            ("aof_enabled:1", "aof_enabled:1\naof_last_write_status:err", "its disk", .unfit),
            ("maxmemory:104857600", "maxmemory:0", "set maxmemory", .doubtful),
            ("used_memory:1048576", "used_memory:90000000", "raise maxmemory", .doubtful),
            ("used_memory:1048576", "used_memory:104000000", "raise maxmemory", .unfit),
        ] as [(String, String, String, CheckStanding)])
    func `what must be changed is named`(
        old: String, new: String, remedy: String, standing: CheckStanding
    ) {
        let wrong = Self.wrong(Self.changed(old, new))
        #expect(wrong.map(\.standing) == [standing])
        #expect(wrong.first?.remedy.contains(remedy) == true)
    }

    @Test(
        arguments: [("always", .fit), ("everysec", .doubtful), ("no", .doubtful), (nil, .doubtful)]
            as [(String?, CheckStanding)])
    func `it says what is lost with its machine`(sync: String?, standing: CheckStanding) {
        #expect(ClusterCheck.all(of: Self.facts(sync: sync))[1].standing == standing)
    }

    @Test func `too few replicas, slow answers and a name in use are told`() {
        #expect(Self.wrong(Self.facts(replicas: 2)).map(\.standing) == [.unfit])
        #expect(Self.wrong(Self.facts(answer: 6_000_000)).map(\.standing) == [.doubtful])
        #expect(Self.wrong(Self.facts(isNameTaken: true)).map(\.found) == ["in use"])
    }

    @Test func `a Redis that can't be reached is told by its reason alone`() {
        let shard = ClusterFacts.Shard(url: "redis://a", outcome: .failed("redis://a: refused"))
        let wrong = Self.wrong(ClusterFacts(shards: [shard], node: "web1"))
        #expect(wrong.map(\.isFit) == [false])
        #expect(wrong[0].remedy.hasPrefix("redis://a: refused"))
    }

    @Test func `what the kernel does with a Redis here is told`() {
        var facts = Self.facts()
        facts.host = ClusterFacts.Host(overcommit: 1, hasHugePages: false)
        #expect(Self.wrong(facts).isEmpty)
        facts.host = ClusterFacts.Host(overcommit: 0, hasHugePages: true)
        #expect(Self.wrong(facts).map(\.isFit) == [true, true])
    }
}
