import Chat
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// Lines that replicas must have, on real Redis servers.
@Suite(.serialized) struct ReplicaTests {
    private static let time = Timestamp(milliseconds: 1_800_000_000_123)

    private func isFailing(_ reply: OrdererReply) -> Bool {
        if case .failing(let reason) = reply { reason.contains("0 of 1 replicas") } else { false }
    }

    @Test func `too few replicas fail lines at once, and their return ends that`() throws {
        let master = try ReplicatedServer()
        let node = try NodeProbe("a", master.path, replicas: 1)
        // There is none yet.
        #expect(node.replies(until: isFailing)?.first?.isReady == true)
        #expect(node.say([.sample("x")]).answers == [.failed])
        let replica = try master.replica()
        #expect(try master.isFollowed(by: 1))
        // A Redis that gets its first replica begins another history.
        #expect(node.opened())
        #expect(node.say([.sample("1")]).answers == [.ordered(seq: 1, time: Self.time)])
        let copy = try ShardProbe(replica.path)
        #expect(try copy.redis("XLEN", "hubbub:room:lobby") == .integer(1))

        replica.kill()
        #expect(node.replies(until: isFailing) != nil)
        #expect(node.say([.sample("x")]).answers == [.failed])
        try replica.start()
        #expect(try master.isFollowed(by: 1))
        #expect(node.replies { $0 == .recovered } != nil)
        #expect(node.say([.sample("2")]).answers == [.ordered(seq: 2, time: Self.time)])
        let probe = try ShardProbe(master.path)
        #expect(try probe.redis("XLEN", "hubbub:room:lobby") == .integer(2))
    }

    @Test func `a line that too few replicas have may be said, and is said once`() throws {
        let master = try ReplicatedServer()
        let replica = try master.replica()
        #expect(try master.isFollowed(by: 1))
        let node = try NodeProbe("a", master.path, replicas: 1)
        #expect(node.opened())
        #expect(node.say([.sample("1")]).answers == [.ordered(seq: 1, time: Self.time)])
        replica.pause()
        let line = Draft.sample("2", key: "k")
        let (answers, before) = node.say([line])
        #expect(before.contains(where: isFailing))
        let probe = try ShardProbe(master.path)
        let isThere = try probe.redis("XLEN", "hubbub:room:lobby") == .integer(2)
        // Redis may know already that the replica is silent.
        #expect(answers == [isThere ? .uncertain : .failed])
        #expect(
            node.say([.sample("x"), line]).answers == [.failed, isThere ? .uncertain : .failed])
        replica.resume()
        #expect(node.replies { $0 == .recovered } != nil)
        #expect(
            node.say([line]).answers == [
                isThere ? .already(seq: 2, time: Self.time) : .ordered(seq: 2, time: Self.time)
            ])
        #expect(node.say([.sample("3")]).answers == [.ordered(seq: 3, time: Self.time)])
    }

    @Test func `another node's line that too few replicas have isn't acknowledged`() throws {
        let master = try ReplicatedServer()
        let careless = try NodeProbe("a", master.path)
        #expect(careless.opened())
        let line = Draft.sample("1", key: "k")
        #expect(careless.say([line]).answers == [.ordered(seq: 1, time: Self.time)])
        let probe = try ShardProbe(master.path, node: "b", terms: .init(replicas: 1))
        guard case .entered(let state) = try probe.ask(.enter(probe.run)) else {
            return #expect(Bool(false), "it enters")
        }
        #expect(state.trouble == "0 of 1 replicas are connected")
        let epoch = try #require(state.epoch)
        // Only what is new is refused.
        #expect(
            try probe.ask(probe.append([line], in: epoch), compares: true)
                == .appended(.answered([.already(seq: 1, time: Self.time)])))
        #expect(
            try probe.ask(probe.append([line, .sample("2")], in: epoch), compares: true)
                == .appended(.refused(reason: "NOREPLICAS 0 of 1 replicas are connected")))
        #expect(try probe.open().lastSeq == 1)
    }

    @Test func `ids of lines that wait don't come again after the last writes are lost`() throws {
        let master = try ReplicatedServer()
        let replica = try master.replica()
        #expect(try master.isFollowed(by: 1))
        let probe = try ShardProbe(master.path)
        let first = try probe.hold("1", group: 1)
        let other = try ShardProbe(replica.path)
        while try other.redis("GET", "hubbub:held:last") == .null {}
        try other.redis("REPLICAOF", "NO", "ONE")
        let lost = try probe.hold("2", group: 2)
        while try other.milliseconds() <= lost / 256 {}
        let next = try other.hold("3", group: 3)
        #expect(first < lost && lost < next)
        // The clock of a shard may be behind. Nodes know better.
        let seen = next + 1_000_000_000
        let epoch = try other.begin()
        #expect(try other.ask(.raise(epoch, [:], held: seen)) == .raised)
        #expect(try other.ask(.raise(epoch, [:], held: lost)) == .raised)
        #expect(try other.hold("4", group: 4) > seen)
    }
}

extension OrdererReply {
    fileprivate var isReady: Bool {
        if case .ready = self { true } else { false }
    }
}
