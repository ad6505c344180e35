import Chat
import ChatCluster
import Redis
import TestSupport
import Testing

/// Nodes that share rooms through real Redis servers.
@Suite(.serialized) struct ClusterStoreTests {
    private static let time = Timestamp(milliseconds: 1_800_000_000_123)

    @Test func `lines reach the followers on all nodes, in one order`() throws {
        let server = try RedisServer()
        let (one, other) = (try NodeProbe("a", server.path), try NodeProbe("b", server.path))
        #expect(one.opened() && other.opened())
        #expect(one.follow(.lobby)?.lastSeq == 0)
        #expect(other.follow(.lobby)?.lastSeq == 0)
        let first = one.say([.sample("1"), .sample("2", key: "k")])
        #expect(
            first.answers == [.ordered(seq: 1, time: Self.time), .ordered(seq: 2, time: Self.time)])
        let second = other.say([.sample("2", key: "k"), .sample("3")])
        #expect(
            second.answers == [
                .already(seq: 2, time: Self.time), .ordered(seq: 3, time: Self.time),
            ])
        let texts = ["1", "2", "3"]
        #expect(
            one.lines(of: .lobby, through: 3, among: first.before).map(\.message) == texts)
        #expect(
            other.lines(of: .lobby, through: 3, among: second.before).map(\.message) == texts)
        one.store.submit(.read(.lobby, from: 1, through: 3))
        let page = one.replies { if case .read = $0 { true } else { false } }
        guard case .read(_, _, let read)? = page?.last else { return #expect(Bool(false)) }
        #expect(read.lines.map(\.message) == texts)
        #expect(one.store.metrics.linesStored == 2)
        #expect(one.store.metrics.groups == 1)
    }

    @Test func `a change reaches all nodes, and outlives them`() throws {
        let server = try RedisServer()
        let (one, other) = (try NodeProbe("a", server.path), try NodeProbe("b", server.path))
        #expect(one.opened() && other.opened())
        #expect(one.follow(.lobby) != nil && other.follow(.lobby) != nil)
        var patch = RoomSettings.Patch()
        patch.rules.slowSeconds = 9
        one.store.submit(
            .change(
                ChangeRequest(
                    id: 1, room: .lobby, wanted: .settings(patch),
                    by: Author(user: "m", badge: .moderator), key: "k", time: Self.time)))
        #expect(one.replies { $0 == .changed(id: 1, .ordered(rev: 1)) } != nil)
        let isTold = { (reply: OrdererReply) in
            guard case .entries(.lobby, let entries) = reply, case .change(let change) = entries[0]
            else { return false }
            return change.settings?.rules.slowSeconds == 9
        }
        #expect(other.replies(until: isTold) != nil)
        let third = try NodeProbe("c", server.path)
        #expect(third.opened())
        let snapshot = try #require(third.follow(.lobby))
        #expect(snapshot.settings.rules.slowSeconds == 9)
        #expect(snapshot.changes.count == 1)
    }

    @Test func `a killed Redis is reported, and a new epoch follows its return`() throws {
        let server = try RedisServer()
        let node = try NodeProbe("a", server.path)
        #expect(node.opened())
        #expect(node.follow(.lobby) != nil)
        let said = node.say([.sample("1"), .sample("2")])
        #expect(said.answers.count == 2)
        #expect(node.lines(of: .lobby, through: 2, among: said.before).count == 2)
        server.kill()
        #expect(node.replies { if case .failing = $0 { true } else { false } } != nil)
        #expect(node.store.metrics.isFailing)
        #expect(node.store.cluster?.shards.map(\.isReady) == [false])
        #expect(node.say([.sample("x")]).answers == [.failed])
        // It has forgotten all, so numbers go on above those that the node has seen.
        try server.start()
        #expect(node.opened())
        let report = try #require(node.store.cluster)
        #expect(report.node == "a" && report.shards.map(\.isReady) == [true])
        #expect(report.shards[0].counts.connections == 2)
        #expect(report.shards[0].counts.epochChanges == 1)
        let snapshot = try #require(node.follow(.lobby))
        #expect(snapshot.lastSeq == 2)
        #expect(snapshot.oldest == 3)
        #expect(node.say([.sample("3")]).answers == [.ordered(seq: 3, time: Self.time)])
        #expect(!node.store.metrics.isFailing)
    }

    @Test func `a paused Redis says each line once`() throws {
        let server = try RedisServer()
        let node = try NodeProbe("a", server.path)
        #expect(node.opened())
        #expect(node.follow(.lobby) != nil)
        server.pause()
        node.store.submit(.append([Submission(id: 0, draft: .sample("1"))]))
        var replies = node.replies { if case .failing = $0 { true } else { false } } ?? []
        #expect(!replies.isEmpty)
        server.resume()
        // The line may be said or not, and the answer is right.
        replies += node.replies { if case .recovered = $0 { true } else { false } } ?? []
        var answers: [SubmissionAnswer] = []
        for case .answered(let found) in replies { answers = found }
        if answers.isEmpty {
            let more = node.replies { if case .answered = $0 { true } else { false } } ?? []
            for case .answered(let found) in more { answers = found }
        }
        let isSaid = answers == [.ordered(seq: 1, time: Self.time)]
        #expect(isSaid || answers == [.failed] || answers == [.uncertain])
        let next = node.say([.sample("2")]).answers
        if isSaid { #expect(next == [.ordered(seq: 2, time: Self.time)]) }
        if answers == [.failed] { #expect(next == [.ordered(seq: 1, time: Self.time)]) }
    }

    @Test func `a name belongs to one node`() throws {
        let server = try RedisServer()
        let first = try NodeProbe("a", server.path)
        #expect(first.opened())
        let second = try NodeProbe("a", server.path)
        #expect(second.wasRefused)
        #expect(first.say([.sample("1")]).answers.count == 1)
    }

    @Test func `a node that stops gives its name back`() throws {
        let server = try RedisServer()
        let first = try NodeProbe("a", server.path)
        #expect(first.opened())
        #expect(first.store.close())
        let probe = try ShardProbe(server.path)
        #expect(try probe.redis("EXISTS", "hubbub:node:a") == .integer(0))
        #expect(try NodeProbe("a", server.path).opened())
    }

    @Test func `rooms are spread over shards`() throws {
        let (one, other) = (try RedisServer(), try RedisServer())
        let node = try NodeProbe("a", one.path, other.path)
        #expect(node.opened())
        let rooms = (0..<8).compactMap { RoomName("room-\($0)") }
        let answers = node.say(rooms.map { .sample("x", in: $0) }).answers
        #expect(answers == rooms.map { _ in .ordered(seq: 1, time: Self.time) })
        let counts = try [one, other].map { server in
            try ShardProbe(server.path).redis("HLEN", "hubbub:heads").number
        }
        #expect(counts.compactMap { $0 }.reduce(0, +) == 8)
        #expect(counts.allSatisfy { ($0 ?? 0) > 0 })
    }

    @Test func `rooms of other shards go on while one fails`() throws {
        let (one, other) = (try RedisServer(), try RedisServer())
        let node = try NodeProbe("a", one.path, other.path)
        #expect(node.opened())
        let name = try #require(NodeName("a"))
        let set = ShardSet(NodeRun(name, number: 1), shards: 2, at: 0)
        let rooms = try [0, 1].map { shard in
            let names = (0..<20).compactMap { RoomName("room-\($0)") }
            return try #require(names.first { set.shard(of: $0) == shard })
        }
        for room in rooms { #expect(node.follow(room) != nil) }
        other.kill()
        #expect(node.replies { if case .failing = $0 { true } else { false } } != nil)
        let lines = rooms.map { Draft.sample("1", in: $0) }
        let said = node.say(lines)
        #expect(said.answers == [.ordered(seq: 1, time: Self.time), .failed])
        #expect(node.lines(of: rooms[0], through: 1, among: said.before).map(\.message) == ["1"])
        #expect(node.store.metrics.isFailing)
        try other.start()
        #expect(node.opened())
        #expect(!node.store.metrics.isFailing)
        #expect(
            node.say(lines).answers == [
                .ordered(seq: 2, time: Self.time), .ordered(seq: 1, time: Self.time),
            ])
    }

    @Test func `a room keeps about so many lines`() throws {
        let server = try RedisServer()
        let node = try NodeProbe("a", server.path, lines: 200)
        #expect(node.opened())
        #expect(node.follow(.lobby) != nil)
        var told: [OrdererReply] = []
        for _ in 0..<4 {
            let (answers, before) = node.say((0..<256).map { .sample("\($0)") })
            #expect(answers.count == 256)
            told += before
        }
        let probe = try ShardProbe(server.path)
        let count = try #require(try probe.redis("XLEN", "hubbub:room:lobby").number)
        #expect(200..<400 ~= count)
        #expect(try probe.open().oldest == UInt64(1_025 - count))
        #expect(try probe.open().lastSeq == 1_024)
        // Followers are told.
        let last = OrdererReply.pruned(.lobby, oldest: UInt64(1_025 - count))
        #expect(told.contains(last) || node.replies { $0 == last } != nil)
    }

    @Test func `a Redis that can't be a shard is refused with the reason`() throws {
        let server = try RedisServer("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
        let node = try NodeProbe("a", server.path)
        let replies = node.replies { if case .failing = $0 { true } else { false } }
        guard case .failing(let reason)? = replies?.last else { return #expect(Bool(false)) }
        #expect(reason.contains("maxmemory-policy"))
    }
}
