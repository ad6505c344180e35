import Chat
import ChatCluster
import Reactor
import Redis
import TestSupport
import Testing

/// What becomes of a node that dies, on a real Redis.
@Suite struct NodeDeathTests {
    @Test func `its members are gone when it has been silent`() throws {
        let server = try RedisServer()
        let node = try NodeProbe("a", server.path)
        #expect(node.opened())
        #expect(node.follow(.lobby) != nil)
        // It says no more after this.
        let other = try ShardProbe(server.path, node: "b")
        let epoch = try #require(try other.state().epoch)
        let ann = RoomPresence(count: 1, usernames: ["ann"])
        _ = try other.ask(.presence(.attend(other.run, number: 1, epoch, rooms: [])))
        let start = RedisLoop.now
        _ = try other.ask(.presence(.tell(other.run, number: 2, epoch, .lobby, ann)))
        #expect(node.replies { $0 == .present(.lobby, ann) } != nil)
        #expect(node.replies { $0 == .present(.lobby, .nobody) } != nil)
        #expect(start.advanced(byMilliseconds: PresenceLimits.silence) < RedisLoop.now)
    }

    @Test func `its name is free after its lease`() throws {
        let server = try RedisServer()
        let first = try ShardProbe(server.path)
        guard case .entered = try first.ask(.enter(first.run)) else {
            return #expect(Bool(false), "it has the name")
        }
        let left = try first.redis("PTTL", "hubbub:node:a").number ?? 0
        #expect(left <= 3_000)
        let second = try NodeProbe("a", server.path)
        #expect(second.opened())
    }
}
