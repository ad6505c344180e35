import Reactor
import Redis
import TestSupport
import Testing

@testable import ChatCluster

@Suite struct ShardConnectionsTests {
    @Test func `a server that can't be a shard never counts as connected`() throws {
        let server = try RedisServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
        let loop = try RedisLoop()
        let shard = ShardConnections(
            to: try RedisURL("unix:" + server.path), ShardTerms()
        ) { loop.wake() }
        let end = RedisLoop.now.advanced(byMilliseconds: 20_000)
        var (ready, refusals) = ([false, false], 0)
        while refusals < 2, RedisLoop.now < end {
            var events: [ShardEvent] = []
            shard.turn(at: RedisLoop.now, ready: ready[...], into: &events)
            for event in events {
                guard case .disconnected(let reason) = event else {
                    Issue.record("\(event)")
                    return
                }
                if reason.contains("noeviction") { refusals += 1 }
            }
            ready = loop.wait(for: shard.links, until: min(shard.deadline ?? end, end))
        }
        #expect(refusals == 2)
    }
}
