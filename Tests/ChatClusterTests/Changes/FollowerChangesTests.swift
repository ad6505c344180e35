import Testing

@testable import Chat
@testable import ChatCluster

/// A node's side of a shard that changes rooms.
@Suite struct FollowerChangesTests {
    private let go = ChangeCluster.go

    /// A node, and the shard that it talks to.
    private struct Pair {
        var follower: ShardFollower
        var shard = MemoryShard()
        private var told: UInt64 = 0
        private(set) var replies: [OrdererReply] = []

        init() {
            guard let name = NodeName("node") else { preconditionFailure("no name of a node") }
            follower = ShardFollower(
                NodeRun(name, number: 1), noTerms: TermRecord([]), at: 0)
        }

        var state: ShardState {
            ShardState(
                epoch: shard.epoch, isSameData: true, time: Timestamp(milliseconds: 1_000),
                news: shard.lastNews)
        }

        mutating func event(_ event: ShardEvent) {
            follower.received(event, at: 0)
            settle()
        }

        mutating func request(_ request: OrdererRequest) {
            follower.received(request, at: 0)
            settle()
        }

        /// The shard carries out all commands, and tells its news.
        mutating func settle() {
            while true {
                replies += follower.takeReplies()
                let effects = follower.takeEffects()
                for effect in effects { carryOut(effect) }
                let news = Array(shard.news.dropFirst(Int(told)))
                told = shard.lastNews
                if !news.isEmpty { follower.received(.news(news), at: 0) }
                if effects.isEmpty, news.isEmpty { break }
            }
        }

        private mutating func carryOut(_ effect: ShardEffect) {
            guard case .command(let number, let command) = effect else { return }
            let reply: ShardReply
            switch command {
            case .enter: reply = .entered(state)
            case .beat(_, let rooms):
                reply = .beaten(state, rooms.map { shard.rooms[$0]?.last ?? RoomCursor() })
            case .changes(let command): reply = .changes(shard.carryOut(command))
            case .begin, .raise, .append, .open, .read, .catchUp, .trim, .presence:
                reply = .failed(reason: "this shard only changes rooms")
            }
            follower.received(.answered(number, reply), at: 0)
        }
    }

    private func request(_ wanted: Moderation, id: UInt64 = 1) -> OrdererRequest {
        .change(
            ChangeRequest(
                id: id, room: go, wanted: wanted, by: ChangeCluster.moderator, key: nil,
                time: Timestamp(milliseconds: 1_000)))
    }

    @Test func `the server begins with what is in force`() throws {
        var pair = Pair()
        pair.event(.connected)
        pair.request(request(.ban(BanOrder(.user("bob")))))
        pair.request(request(.terms(TermsOrder(adding: [Term("gold", .block)])), id: 2))
        #expect(pair.replies.contains(.changed(id: 1, .ordered(rev: 1))))
        var other = Pair()
        other.shard = pair.shard
        other.event(.connected)
        guard case .ready(let opening)? = other.replies.first else {
            Issue.record("it isn't ready")
            return
        }
        #expect(opening.bans.map(\.ban.target.user) == ["bob"])
        #expect(opening.terms.map(\.state) == [TermState(TermRecord([Term("gold", .block)]))])
        #expect(opening.epoch == pair.shard.epoch)
    }

    @Test func `what another node does is told, and what this one wants is answered`() throws {
        var pair = Pair()
        pair.event(.connected)
        let name = try #require(NodeName("other"))
        _ = pair.shard.carryOut(
            .notify(NodeRun(name, number: 2), .disconnectedUser("bob", reason: "spam")))
        pair.settle()
        #expect(pair.replies.contains(.notified(.disconnectedUser("bob", reason: "spam"))))
        pair.request(request(.panic(true)))
        pair.request(.report(id: 7, go, .log(before: .max, limit: 5)))
        guard case .reported(7, let report?)? = pair.replies.last else {
            Issue.record("there is no log")
            return
        }
        #expect(report.entries.count == 1)
    }

    @Test func `a node that is cut off makes no changes until it is back`() {
        var pair = Pair()
        pair.event(.connected)
        pair.follower.received(.disconnected(reason: "broken"), at: 0)
        pair.follower.timePassed(to: ShardLimits.patience)
        pair.follower.received(request(.panic(true)), at: ShardLimits.patience)
        let replies = pair.follower.takeReplies()
        #expect(replies.contains(.changed(id: 1, .failed)))
        _ = pair.follower.takeEffects()
        pair.event(.connected)
        pair.request(request(.panic(true), id: 2))
        #expect(pair.replies.contains(.recovered))
        #expect(pair.replies.last == .changed(id: 2, .ordered(rev: 1)))
        #expect(pair.replies.filter { if case .ready = $0 { true } else { false } }.count == 1)
    }
}
