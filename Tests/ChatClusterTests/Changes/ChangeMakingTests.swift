import Simulation
import Testing

@testable import Chat
@testable import ChatCluster

@Suite struct ChangeMakingTests {
    private typealias Cluster = ChangeCluster
    private let go = ChangeCluster.go

    private func slow(_ seconds: Int) -> Moderation {
        var patch = RoomSettings.Patch()
        patch.rules.slowSeconds = seconds
        return .settings(patch)
    }

    @Test func `two nodes that change a room at once get a rev each`() {
        var cluster = ChangeCluster()
        let ids = (0..<6).map { number in
            cluster.want(slow(number + 1), at: number % 2)
        }
        cluster.settle()
        let answers = cluster.nodes[0].changed.merging(cluster.nodes[1].changed) { $1 }
        let revs = ids.compactMap { id -> UInt64? in
            if case .ordered(let rev) = answers[id] { rev } else { nil }
        }
        #expect(revs.sorted() == [1, 2, 3, 4, 5, 6])
        for node in cluster.nodes { #expect(node.revs(of: go) == [1, 2, 3, 4, 5, 6]) }
        #expect(
            cluster.nodes[0].changes.replica.ledger(of: go).settings
                == cluster.shard.rooms[go]?.settings)
    }

    @Test func `a change is answered after it was told`() {
        var cluster = ChangeCluster()
        let id = cluster.want(slow(1), at: 0)
        cluster.settle()
        let told = cluster.nodes[0].told
        #expect(told.count == 2)
        #expect(told.last == .changed(id: id, .ordered(rev: 1)))
    }

    @Test func `a key is known on another node`() {
        var cluster = ChangeCluster()
        let first = cluster.want(slow(1), at: 0, key: "k")
        cluster.settle()
        let second = cluster.want(slow(1), at: 1, key: "k")
        let other = cluster.want(slow(2), at: 1, key: "k")
        cluster.settle()
        #expect(cluster.nodes[0].changed[first] == .ordered(rev: 1))
        #expect(cluster.nodes[1].changed[second] == .ordered(rev: 1))
        #expect(cluster.nodes[1].changed[other] == .refused(.changeIDReused))
    }

    @Test func `the same key at once on two nodes is one change`() {
        var cluster = ChangeCluster()
        let ids = [0, 1].map { cluster.want(slow(1), at: $0, key: "k") }
        cluster.settle()
        #expect(cluster.nodes[0].changed[ids[0]] == .ordered(rev: 1))
        #expect(cluster.nodes[1].changed[ids[1]] == .ordered(rev: 1))
        #expect(cluster.shard.rooms[go]?.last.rev == 1)
    }

    @Test func `a deleted line leaves the stream and comes back`() throws {
        var cluster = ChangeCluster()
        cluster.say(["one", "two", "three"])
        cluster.follow(go, at: 1)
        cluster.open(go, at: 1)
        let deleted = cluster.want(.delete(seqs: [2]), at: 0)
        cluster.settle()
        #expect(cluster.nodes[0].changed[deleted] == .ordered(rev: 1))
        #expect(cluster.shard.rooms[go]?.lines.map(\.line.seq) == [3, 1])
        let again = cluster.want(.delete(seqs: [2]), at: 1)
        cluster.settle()
        #expect(cluster.nodes[1].changed[again] == .refused(.noSuchLine))
        let undone = cluster.want(.undo(rev: 1), at: 1, time: 2_000)
        cluster.settle()
        #expect(cluster.nodes[1].changed[undone] == .ordered(rev: 2))
        #expect(cluster.shard.rooms[go]?.lines.map(\.line.message) == ["three", "two", "one"])
        // Followers get the text, and nothing keeps it with the change.
        guard case .restored(let restored)? = cluster.nodes[1].changes(of: go).last?.kind else {
            Issue.record("nothing came back")
            return
        }
        #expect(restored.lines.map(\.message) == ["two"])
        guard case .change(let kept)? = cluster.shard.rooms[go]?.entries.last?.content,
            case .restored(let stored) = kept.kind
        else {
            Issue.record("no entry")
            return
        }
        #expect(stored.lines.isEmpty && stored.seqs == [2])
        let third = cluster.want(.undo(rev: 1), at: 0, time: 2_000)
        cluster.settle()
        #expect(cluster.nodes[0].changed[third] == .refused(.nothingToUndo))
    }

    @Test(arguments: [0, 300])
    func `a purge takes lines of several pages`(others: Int) throws {
        var cluster = ChangeCluster()
        let author = Author(user: "bob")
        for number in 0..<300 {
            cluster.say(["spam \(number)"], by: author)
            if number < others { cluster.say(["talk \(number)"]) }
        }
        var order = PurgeOrder()
        order.users = ["bob"]
        let id = cluster.want(.purge(order), at: 0)
        cluster.settle()
        #expect(cluster.nodes[0].changed[id] == .ordered(rev: 1))
        // More are erased than by one command.
        cluster.pass(20_000)
        cluster.settle()
        let room = try #require(cluster.shard.rooms[go])
        #expect(room.lines.count == others)
        #expect(room.unerased.isEmpty)
        #expect(room.kept[1]?.count == 300)

        let undone = cluster.want(.undo(rev: 1), at: 1, time: 2_000)
        cluster.settle()
        #expect(cluster.nodes[1].changed[undone] == .ordered(rev: 2))
        #expect(cluster.shard.rooms[go]?.lines.count == 300 + others)
        guard case .restored(let restored)? = cluster.nodes[0].changes(of: go).last?.kind else {
            Issue.record("nothing came back")
            return
        }
        #expect(restored.seqs.isEmpty, "news have no lines")
    }

    @Test func `an undo waits until all lines are erased`() {
        var cluster = ChangeCluster()
        cluster.say((0..<600).map { "spam \($0)" }, by: Author(user: "bob"))
        var order = PurgeOrder()
        order.users = ["bob"]
        let purge = cluster.want(.purge(order), at: 0)
        // The node dies before it has erased them.
        while cluster.shard.rooms[go]?.last.rev == 0 {
            cluster.carryOut(at: 0)
            cluster.answer(0)
        }
        cluster.disconnect(0)
        #expect(cluster.shard.rooms[go]?.unerased[1]?.count == 344)
        let undo = cluster.want(.undo(rev: 1), at: 1, time: 2_000)
        cluster.settle()
        #expect(cluster.nodes[1].changed[undo] == .ordered(rev: 2))
        #expect(cluster.shard.rooms[go]?.lines.count == 600)
        // The first one finds out that its purge was made, without a key.
        cluster.enter(0)
        cluster.settle()
        #expect(cluster.nodes[0].changed[purge] == .ordered(rev: 1))
    }

    @Test func `lines that are gone for good can't be brought back`() {
        var cluster = ChangeCluster()
        cluster.say(["one"])
        cluster.want(.delete(seqs: [1]), at: 0)
        cluster.settle()
        cluster.shard.forgetKept(of: go)
        let undo = cluster.want(.undo(rev: 1), at: 0, time: 2_000)
        let late = cluster.want(.undo(rev: 1), at: 0, time: 1_000_000)
        cluster.settle()
        #expect(cluster.nodes[0].changed[undo] == .refused(.undoExpired))
        #expect(cluster.nodes[0].changed[late] == .refused(.undoExpired))
    }

    @Test func `bans, terms and settings are the same on all nodes`() throws {
        var cluster = ChangeCluster(nodes: 3)
        cluster.say(["hello"])
        cluster.want(.ban(BanOrder(.username("gus"), isTimeout: true, seconds: 5)), at: 0)
        cluster.want(.ban(BanOrder(.line(1))), at: 1)
        cluster.want(.terms(TermsOrder(adding: [Term("gold", .block), Term("b", .hold)])), at: 2)
        cluster.want(.panic(true), at: 0)
        cluster.settle()
        cluster.want(.terms(TermsOrder(removing: ["b"])), at: 1)
        cluster.want(.unban(.who(.username("gus"))), at: 2)
        cluster.settle()
        let room = try #require(cluster.shard.rooms[go])
        #expect(room.last.rev == 6)
        #expect(room.terms == ["gold": .block])
        #expect(room.bans.isEmpty)
        #expect(room.settings.before != nil)
        let panic = try #require(
            room.log.values.first { if case .settings = $0.change.kind { true } else { false } })
        cluster.want(.undo(rev: panic.change.rev), at: 0)
        let terms = try #require(
            room.log.values.filter { $0.change.terms != nil }
                .max { $0.change.rev < $1.change.rev })
        cluster.want(.undo(rev: terms.change.rev), at: 1)
        cluster.settle()
        for node in cluster.nodes {
            let ledger = node.changes.replica.ledger(of: go)
            #expect(ledger.rev == cluster.shard.rooms[go]?.last.rev)
            #expect(Set(ledger.terms.terms) == Set(cluster.shard.rooms[go]?.state(go).terms ?? []))
            #expect(ledger.settings == cluster.shard.rooms[go]?.settings)
            #expect(ledger.bans.count == cluster.shard.rooms[go]?.bans.count)
        }
        // A node that starts reads the same.
        cluster.nodes[1] = ChangeNode("node-1")
        cluster.enter(1)
        cluster.settle()
        let opening = try #require(cluster.nodes[1].openings.last)
        #expect(opening.terms.map(\.room) == [go])
        #expect(
            cluster.nodes[1].changes.replica.ledger(of: go).rev
                == cluster.nodes[0].changes.replica.ledger(of: go).rev)
    }

    @Test func `who may not do it is refused`() {
        var cluster = ChangeCluster()
        let member = Author(user: "meg")
        let ids = [
            cluster.want(slow(1), at: 0, by: member),
            cluster.want(.undo(rev: 1), at: 0, by: member),
            cluster.want(.approve(held: 1), at: 0),
            cluster.want(.unban(.rev(4)), at: 0),
        ]
        cluster.settle()
        let answers = ids.map { cluster.nodes[0].changed[$0] }
        #expect(
            answers == [
                .refused(.notModerator), .refused(.notModerator), .refused(.notHeld),
                .refused(.noSuchBan),
            ])
        #expect(cluster.shard.news.isEmpty)
    }

    @Test func `lists come from the node, and the log from the shard`() throws {
        var cluster = ChangeCluster()
        cluster.want(slow(3), at: 0)
        cluster.want(.ban(BanOrder(.user("bob"))), at: 0)
        cluster.settle()
        let asked = [
            cluster.report(.bans(after: 0, limit: 10), at: 1),
            cluster.report(.terms(after: "", limit: 10), at: 1),
            cluster.report(.log(before: .max, limit: 1), at: 1),
        ]
        cluster.settle()
        let reports = asked.map { cluster.nodes[1].reports[$0] ?? nil }
        #expect(reports[0]?.entries.count == 1)
        #expect(reports[1]?.entries.isEmpty == true)
        let log = try #require(reports[2])
        #expect(log.entries.count == 1 && log.hasMore)
        #expect(log.entries[0].contains(#""action":"ban""#))
    }
}
