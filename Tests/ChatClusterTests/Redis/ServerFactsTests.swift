import Testing

@testable import ChatCluster

@Suite struct ServerFactsTests {
    @Test(
        arguments: [
            ("redis_version:7.0.15\r\nredis_mode:standalone\r\n", nil),
            ("redis_version:8.2.0\r\nmaxmemory:100\r\nmaxmemory_policy:noeviction\r\n", nil),
            ("redis_version:7.0.0\nmaxmemory:0\nmaxmemory_policy:allkeys-lru\n", nil),
            ("redis_version:6.2.7\r\n", "6.2.7"), ("", "unknown"),
            ("redis_version:7.0.0\r\nredis_mode:cluster\r\n", "Redis Cluster"),
            ("redis_version:7.0.0\nmaxmemory:5\nmaxmemory_policy:volatile-ttl\n", "noeviction"),
        ] as [(String, String?)])
    func `a server that can't be a shard is told from others`(info: String, part: String?) {
        let problem = ServerFacts(info).problem
        if let part {
            #expect(problem?.contains(part) == true)
        } else {
            #expect(problem == nil)
        }
    }
}
