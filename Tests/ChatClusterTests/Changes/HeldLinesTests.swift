import Simulation
import Testing

@testable import Chat
@testable import ChatCluster

@Suite struct HeldLinesTests {
    private let go = ChangeCluster.go
    /// Those that a shard gives to lines that wait, while its clock is near 0.
    private static let ids: [UInt64] = [256, 512, 768]

    private func waiting(_ node: ChangeNode) -> [String] {
        node.told.flatMap { reply -> [String] in
            guard case .held(.waiting(let rooms)) = reply else { return [] }
            return rooms.flatMap(\.lines).map(\.draft.message)
        }
    }

    private func answers(_ node: ChangeNode) -> [HeldLine?] {
        node.told.flatMap { reply -> [HeldLine?] in
            guard case .held(.held(let answers)) = reply else { return [] }
            return answers.map(\.line)
        }
    }

    private func released(_ node: ChangeNode) -> [([UInt64], [UInt64])] {
        node.told.compactMap { reply in
            guard case .held(.released(let said, let ids)) = reply else { return nil }
            return (said.map(\.id), ids)
        }
    }

    @Test func `a line that waits is known on all nodes`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0)
        cluster.hold("two", at: 1)
        cluster.settle()
        #expect(answers(cluster.nodes[0]).map { $0?.draft.message } == ["one"])
        #expect(waiting(cluster.nodes[0]) == ["two"])
        #expect(waiting(cluster.nodes[1]) == ["one"])
        #expect(cluster.nodes[0].changes.replica.held == cluster.shard.held)
    }

    @Test func `the same line at once on two nodes waits once`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0, key: "k")
        cluster.hold("one", at: 1, key: "k")
        cluster.settle()
        #expect(cluster.shard.held.count == 1)
        #expect(answers(cluster.nodes[0]).map { $0?.id } == [Self.ids[0]])
        #expect(answers(cluster.nodes[1]).map { $0?.id } == [Self.ids[0]])
    }

    @Test func `a line that two nodes release at once is said once`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0)
        cluster.hold("two", at: 0)
        cluster.settle()
        cluster.release(Array(Self.ids[..<2]), at: 0)
        cluster.release(Array(Self.ids[..<2]), at: 1)
        cluster.settle()
        #expect(cluster.shard.rooms[go]?.lines.map(\.line.message) == ["two", "one"])
        #expect(released(cluster.nodes[0]).map(\.0) == [Array(Self.ids[..<2])])
        #expect(released(cluster.nodes[1]).map(\.0) == [[]])
        #expect(released(cluster.nodes[1]).map(\.1) == [Array(Self.ids[..<2])])
        // The other server hears of it before its own answer, which says that they don't wait.
        let heard = cluster.nodes[1].told.firstIndex { reply in
            if case .held(.said) = reply { true } else { false }
        }
        let answered = cluster.nodes[1].told.firstIndex { reply in
            if case .held(.released) = reply { true } else { false }
        }
        #expect(heard ?? .max < answered ?? 0)
    }

    @Test func `a lost answer says no line twice`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0)
        cluster.carryOut(at: 0)
        cluster.disconnect(0)
        cluster.enter(0)
        cluster.settle()
        #expect(answers(cluster.nodes[0]).map { $0?.id } == [Self.ids[0]])
        cluster.release([Self.ids[0]], at: 0)
        cluster.carryOut(at: 0)
        cluster.disconnect(0)
        cluster.enter(0)
        cluster.settle()
        cluster.pass(ShardChanges.patience)
        cluster.settle()
        #expect(released(cluster.nodes[0]).map(\.0) == [[Self.ids[0]]])
        #expect(cluster.shard.rooms[go]?.lines.count == 1)
        #expect(cluster.shard.held.isEmpty)
    }

    @Test func `lines of several rooms are released together`() throws {
        var cluster = ChangeCluster()
        let other = try #require(RoomName("other"))
        cluster.hold("one", at: 0)
        cluster.hold("two", at: 0, room: other)
        cluster.hold("three", at: 0)
        cluster.settle()
        cluster.release(Self.ids + [9], at: 0)
        cluster.settle()
        #expect(released(cluster.nodes[0]).map { Set($0.0) } == [Set(Self.ids)])
        #expect(released(cluster.nodes[0]).map(\.1) == [Self.ids + [9]])
    }

    @Test func `a moderator decides on any node, and once`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0)
        cluster.hold("two", at: 0)
        cluster.hold("three", at: 0)
        cluster.settle()
        let approved = cluster.want(.approve(held: Self.ids[0]), at: 1)
        let rejected = cluster.want(.reject(held: Self.ids[1]), at: 1)
        let late = cluster.want(.approve(held: Self.ids[1]), at: 0)
        cluster.settle()
        guard case .ordered? = cluster.nodes[1].changed[approved] else {
            Issue.record("it isn't approved")
            return
        }
        // One of them comes first. An approved line may be rejected as long as it waits.
        let wasLate = cluster.nodes[0].changed[late] == .refused(.notHeld)
        let wasSecond = cluster.nodes[1].changed[rejected] == .refused(.notHeld)
        #expect(wasLate != wasSecond)
        #expect(cluster.nodes[0].changes.replica.held[Self.ids[0]]?.isApproved == true)
        #expect(cluster.nodes[0].changes.replica.held == cluster.shard.held)
    }

    @Test func `a line that is said before a moderator decides isn't rejected`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0)
        cluster.settle()
        let rejected = cluster.want(.reject(held: Self.ids[0]), at: 1)
        // The other node looks it up, and this one says it.
        cluster.carryOut(at: 1)
        cluster.answer(1)
        cluster.release([Self.ids[0]], at: 0)
        cluster.carryOut(at: 0)
        cluster.settle()
        #expect(cluster.nodes[1].changed[rejected] == .refused(.notHeld))
        #expect(cluster.shard.rooms[go]?.lines.count == 1)
    }

    @Test func `a ban rejects lines of its people, on all shards if it holds everywhere`() {
        var cluster = ChangeCluster()
        cluster.hold("one", at: 0)
        cluster.settle()
        cluster.want(.ban(BanOrder(.username("gus"))), at: 1)
        cluster.settle()
        #expect(cluster.shard.held.isEmpty)
        #expect(cluster.nodes[0].changes(of: go).last?.rejected == [Self.ids[0]])
        cluster.hold("two", at: 0)
        cluster.settle()
        let ban = Ban(
            rev: 5, BanTarget(.name, username: "Gus"), isTimeout: false,
            time: Timestamp(milliseconds: 0), end: nil, reason: "", by: "olga", rank: .owner)
        for node in cluster.nodes.indices {
            cluster.nodes[node].changes.banned(everywhere: ban)
            cluster.nodes[node].collect()
        }
        cluster.settle()
        #expect(cluster.shard.held.isEmpty)
        for node in cluster.nodes {
            #expect(node.told.contains(.held(.dropped([Self.ids[1]]))))
            #expect(node.changes.replica.held.isEmpty)
        }
    }
}
