import Simulation
import TestSupport
import Testing

@testable import Chat
@testable import ChatCluster

@Suite struct ChangeFailureTests {
    private let go = ChangeCluster.go

    private func slow(_ seconds: Int) -> Moderation {
        var patch = RoomSettings.Patch()
        patch.rules.slowSeconds = seconds
        return .settings(patch)
    }

    @Test(arguments: 0..<4, [nil, "k"])
    func `a connection that breaks at any time makes a change once`(steps: Int, key: String?) {
        var cluster = ChangeCluster()
        let id = cluster.want(slow(1), at: 0, key: key)
        // Asked, answered, written, answered.
        for step in 0..<steps {
            if step % 2 == 0 {
                cluster.carryOut(at: 0)
            } else {
                cluster.answer(0)
                cluster.tell(0)
            }
        }
        cluster.disconnect(0)
        let other = cluster.want(slow(2), at: 1)
        cluster.settle()
        cluster.enter(0)
        cluster.settle()
        cluster.pass(ShardChanges.patience)
        cluster.settle()
        cluster.pass(ShardChanges.patience)
        cluster.settle()
        guard case .ordered = cluster.nodes[0].changed[id],
            case .ordered = cluster.nodes[1].changed[other]
        else {
            Issue.record("a change has no rev")
            return
        }
        #expect(cluster.shard.rooms[go]?.last.rev == 2)
        #expect(cluster.nodes[0].changes.replica.ledger(of: go).rev == 2)
    }

    @Test func `what was certainly not made fails when the shard can't be reached`() {
        var cluster = ChangeCluster()
        let made = cluster.want(slow(1), at: 0)
        let waiting = cluster.want(slow(2), at: 0)
        let elsewhere = cluster.want(.panic(true), at: 0, in: .everywhere)
        cluster.carryOut(at: 0)
        cluster.answer(0)
        cluster.carryOut(at: 0)
        cluster.disconnect(0)
        cluster.nodes[0].changes.gaveUp()
        let late = cluster.want(slow(3), at: 0)
        #expect(cluster.nodes[0].changed[waiting] == .failed)
        #expect(cluster.nodes[0].changed[elsewhere] == .failed)
        #expect(cluster.nodes[0].changed[late] == .failed)
        cluster.hold("text", at: 0)
        #expect(cluster.nodes[0].told.contains { $0.isFailedHold })
        cluster.enter(0)
        cluster.settle()
        cluster.pass(ShardChanges.patience)
        cluster.settle()
        guard case .ordered? = cluster.nodes[0].changed[made] else {
            Issue.record("what may have been made has no answer")
            return
        }
    }

    @Test func `an epoch with fewer changes begins above them`() throws {
        var cluster = ChangeCluster()
        cluster.want(slow(1), at: 0)
        cluster.settle()
        let lost = cluster.want(slow(2), at: 0)
        cluster.shard.begin(Epoch(number: 2), raising: [go: RoomCursor(seq: 9, rev: 7)])
        cluster.settle()
        #expect(cluster.nodes[0].changed[lost] == nil)
        for node in 0..<2 { cluster.enter(node) }
        cluster.settle()
        #expect(cluster.nodes[0].openings.count == 2)
        #expect(cluster.nodes[0].openings.last?.epoch == Epoch(number: 2))
        #expect(cluster.nodes[0].changed[lost] == .ordered(rev: 8))
        #expect(cluster.nodes[1].revs(of: go) == [1, 8])
    }

    @Test func `a change waits for the entry in the stream of a followed room`() {
        var cluster = ChangeCluster()
        cluster.follow(go, at: 0)
        cluster.open(go, at: 0)
        let id = cluster.want(slow(1), at: 0)
        for _ in 0..<4 {
            cluster.carryOut(at: 0)
            cluster.answer(0)
            cluster.tell(0)
        }
        #expect(cluster.nodes[0].changed[id] == nil)
        cluster.stream(0)
        #expect(cluster.nodes[0].changed[id] == .ordered(rev: 1))
        #expect(cluster.nodes[0].revs(of: go) == [1])
    }

    @Test(arguments: 0..<100)
    func `whatever happens, each change is made once and told to all`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var cluster = ChangeCluster(nodes: 3)
        cluster.say(["one", "two", "three"])
        var wanted: [(node: Int, id: UInt64)] = []
        var isDown = [false, false, false]
        for step in 0..<400 {
            let node = random.number(in: 0...2)
            switch random.number(in: 0...19) {
            case 0...1:
                let id = cluster.want(
                    slow(step + 1), at: node, key: random.happens(500) ? "key \(step)" : nil)
                wanted.append((node, id))
            case 2: cluster.hold("line \(step)", at: node)
            case 3:
                let ids = cluster.nodes[node].changes.replica.held.keys.sorted()
                if !ids.isEmpty { cluster.release(ids, at: node) }
            case 4 where random.happens(200):
                cluster.disconnect(node)
                isDown[node] = true
            case 5 where isDown[node]:
                cluster.enter(node)
                isDown[node] = false
            case 6: if random.happens(300) { cluster.nodes[node].news = [] }
            case 7: cluster.pass(UInt64(random.number(in: 1...30)))
            case 8: cluster.nodes[node].news.shuffle(using: &random)
            case 9:
                if cluster.nodes[node].followed.isEmpty {
                    cluster.follow(go, at: node)
                    cluster.open(go, at: node)
                } else {
                    cluster.unfollow(go, at: node)
                }
            case 10...13: if !isDown[node] { cluster.carryOut(at: node) }
            case 14...16: cluster.answer(node)
            case 17: cluster.stream(node)
            default: cluster.tell(node)
            }
        }
        for node in 0..<3 where isDown[node] { cluster.enter(node) }
        for _ in 0..<4 {
            cluster.settle()
            cluster.pass(1_100)
            for node in cluster.nodes.indices {
                cluster.nodes[node].changes.beat(news: cluster.shard.lastNews)
                cluster.nodes[node].collect()
            }
        }
        cluster.settle()
        let revs = wanted.compactMap { each -> UInt64? in
            guard case .ordered(let rev)? = cluster.nodes[each.node].changed[each.id] else {
                return nil
            }
            return rev
        }
        for each in wanted {
            guard case .ordered? = cluster.nodes[each.node].changed[each.id] else {
                let answer = String(describing: cluster.nodes[each.node].changed[each.id])
                Issue.record("\(each): \(answer)")
                continue
            }
        }
        #expect(revs.count == wanted.count, "every change has an answer")
        #expect(revs.sorted() == Array(0..<UInt64(wanted.count)).map { $0 + 1 })
        let said = cluster.shard.news.flatMap { item -> [UInt64] in
            if case .said(let said, _) = item.news { said.map(\.id) } else { [] }
        }
        #expect(Set(said).count == said.count, "a line is said once")
        for node in cluster.nodes {
            #expect(node.revs(of: go) == revs.sorted())
            #expect(node.changes.replica.held == cluster.shard.held)
            #expect(
                node.changes.replica.ledger(of: go).settings
                    == (cluster.shard.rooms[go]?.settings ?? RoomSettings()))
            #expect(Set(node.said) == Set(said))
            #expect(node.said.count == said.count, "each is told once")
        }
    }
}

extension OrdererReply {
    fileprivate var isFailedHold: Bool {
        if case .held(.held(let answers)) = self {
            answers.allSatisfy { $0.line == nil }
        } else {
            false
        }
    }
}
