import Simulation
import Testing

@testable import Chat
@testable import ChatCluster

@Suite struct NewsTests {
    private let go = ChangeCluster.go

    private func dropped(_ number: UInt64) -> NumberedNews {
        NumberedNews(number, .dropped([number]))
    }

    private func taken(_ order: inout NewsOrder) -> [UInt64] {
        var taken: [UInt64] = []
        while case .dropped(let ids)? = order.takeNext() { taken += ids }
        return taken
    }

    @Test func `news are taken in order`() {
        var order = NewsOrder(after: 4)
        order.received([dropped(6), dropped(3), dropped(4)])
        #expect(taken(&order) == [])
        #expect(order.isBehind)
        order.received([dropped(5), dropped(6), dropped(8)])
        #expect(taken(&order) == [5, 6])
        order.received([dropped(7)])
        #expect(taken(&order) == [7, 8])
        #expect(!order.isBehind)
        order.reached(9)
        #expect(order.isBehind)
    }

    @Test func `news that are late are asked for, and only then`() {
        var cluster = ChangeCluster()
        cluster.want(.panic(true), at: 0)
        cluster.settle()
        cluster.want(.panic(false), at: 0)
        for _ in 0..<2 {
            cluster.carryOut(at: 0)
            cluster.answer(0)
        }
        cluster.nodes[1].news = []
        cluster.nodes[1].changes.beat(news: cluster.shard.lastNews)
        cluster.settle()
        #expect(cluster.nodes[1].revs(of: go) == [1])
        cluster.pass(ShardChanges.patience - 1)
        cluster.settle()
        #expect(cluster.nodes[1].revs(of: go) == [1])
        cluster.pass(1)
        cluster.settle()
        #expect(cluster.nodes[1].revs(of: go) == [1, 2])
    }

    @Test func `a node that misses too much reads everything again`() {
        var cluster = ChangeCluster()
        for isOn in [true, false, true] { cluster.want(.panic(isOn), at: 0) }
        while cluster.shard.lastNews < 3 {
            cluster.carryOut(at: 0)
            cluster.answer(0)
            cluster.tell(0)
        }
        cluster.nodes[1].news = []
        cluster.shard.firstNews = 3
        cluster.nodes[1].changes.beat(news: 3)
        cluster.pass(ShardChanges.patience)
        cluster.pass(ShardChanges.patience)
        cluster.settle()
        #expect(cluster.nodes[1].openings.count == 2)
        #expect(cluster.nodes[1].changes.replica.ledger(of: go).rev == 3)
    }

    @Test func `what servers have to do reaches the others, and a node that starts later`() {
        var cluster = ChangeCluster()
        let notices: [ServerNotice] = [
            .revoked("line"), .disconnectedUser("bob", reason: "spam"),
            .disconnected(connection: "c1", reason: ""),
        ]
        for notice in notices { cluster.nodes[0].changes.received(notice) }
        cluster.nodes[0].collect()
        cluster.settle()
        #expect(cluster.nodes[0].told.isEmpty)
        #expect(cluster.nodes[1].told == notices.map { .notified($0) })
        cluster.nodes[1] = ChangeNode("node-1")
        cluster.enter(1)
        cluster.settle()
        #expect(cluster.nodes[1].told == [.notified(.revoked("line"))])
    }

    @Test func `a notice whose answer is lost is told again`() {
        var cluster = ChangeCluster()
        cluster.nodes[0].changes.received(.disconnectedUser("bob", reason: ""))
        cluster.nodes[0].collect()
        cluster.disconnect(0)
        cluster.enter(0)
        cluster.settle()
        #expect(cluster.nodes[1].told == [.notified(.disconnectedUser("bob", reason: ""))])
    }

    @Test func `a room that is followed gets its changes from the stream`() {
        var cluster = ChangeCluster()
        cluster.want(.panic(true), at: 0)
        cluster.settle()
        cluster.follow(go, at: 1)
        cluster.want(.panic(false), at: 0)
        cluster.settle()
        // The state has it, and so it is told behind that.
        cluster.open(go, at: 1)
        #expect(cluster.nodes[1].revs(of: go) == [1, 2])
        cluster.want(.panic(true), at: 0)
        for _ in 0..<6 {
            cluster.carryOut(at: 0)
            cluster.answer(0)
            cluster.tell(0)
        }
        cluster.tell(1)
        #expect(cluster.nodes[1].revs(of: go) == [1, 2])
        // The stream has yet to tell it when the room is left.
        cluster.nodes[1].streams = []
        cluster.unfollow(go, at: 1)
        #expect(cluster.nodes[1].revs(of: go) == [1, 2, 3])
    }
}
