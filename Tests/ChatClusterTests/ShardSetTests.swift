import Chat
import ChatCluster
import Testing

/// One orderer of several shards.
@Suite struct ShardSetTests {
    private var set: ShardSet
    private let rooms: [RoomName]

    init() throws {
        let name = try #require(NodeName("node"))
        set = ShardSet(NodeRun(name, number: 1), shards: 2, at: 0)
        rooms = (0..<20).compactMap { RoomName("room\($0)") }
    }

    /// Answers the oldest command to a shard.
    private mutating func answer(_ shard: Int, _ reply: ShardReply) {
        for case .command(let number, _) in set.takeEffects(for: shard) {
            set.received(.answered(number, reply), from: shard, at: 0)
            return
        }
    }

    private mutating func enter(_ shard: Int, in epoch: Epoch = Bench.epoch) {
        set.received(.connected, from: shard, at: 0)
        answer(shard, .entered(Bench.state(epoch)))
        // What is in force is read then.
        while true {
            let effects = set.takeEffects(for: shard)
            guard !effects.isEmpty else { return }
            for case .command(let number, .changes(let command)) in effects {
                set.received(.answered(number, Bench.reply(to: command)), from: shard, at: 0)
            }
        }
    }

    /// What the server begins with, if nothing is in force.
    private static func opening(_ epochs: Epoch...) -> OrdererOpening {
        var opening = OrdererOpening(epoch: epochs[0], sends: [])
        opening.epochs = epochs
        return opening
    }

    @Test mutating func `it is ready when all shards are`() {
        enter(1)
        #expect(set.takeReplies() == [])
        enter(0)
        #expect(set.takeReplies() == [.ready(Self.opening(Bench.epoch, Bench.epoch))])
    }

    @Test mutating func `it is ready although one has failed meanwhile`() {
        enter(0)
        set.received(.disconnected(reason: "broken"), from: 0, at: 0)
        set.timePassed(to: 2_000)
        #expect(set.takeReplies() == [.failing(reason: "broken")])
        enter(1)
        #expect(set.takeReplies() == [])
        enter(0)
        #expect(set.takeReplies() == [.ready(Self.opening(Bench.epoch, Bench.epoch))])
    }

    @Test mutating func `another epoch of any shard is a new start, and keeps what streams told`()
        throws
    {
        enter(0)
        enter(1)
        let room = try #require(rooms.first { set.shard(of: $0) == 0 })
        set.received(.follow(room), at: 0)
        set.received(.subscribed(room), from: 0, at: 0)
        let effects = set.takeEffects(for: 0)
        for case .command(let number, .open) in effects {
            let nobody = RoomSnapshot(epoch: Bench.epoch, lastSeq: 0, oldest: 1)
            set.received(.answered(number, .opened(nobody)), from: 0, at: 0)
        }
        _ = set.takeReplies()
        let time = Timestamp(milliseconds: 0)
        let ban = Ban(
            rev: 1, BanTarget(.user, user: "bob"), isTimeout: false, time: time, end: nil,
            reason: "", by: "mod", rank: .moderator)
        let change = RoomChange(rev: 1, after: 0, time: time, kind: .banned(ban))
        let entry = StoredEntry(RoomCursor(seq: 0, rev: 1), .change(change))
        set.received(
            .published(room, Publication(Bench.epoch, after: RoomCursor(), [entry])), from: 0,
            at: 0)
        #expect(set.takeReplies() == [.entries(room, [.change(change)])])
        // The news that tell all nodes of it are late.
        set.received(.disconnected(reason: "broken"), from: 1, at: 0)
        enter(1, in: Epoch(number: 8))
        #expect(
            set.takeReplies() == [
                .ready(Self.opening(Bench.epoch, Epoch(number: 8))),
                .entries(room, [.change(change)]),
            ])
    }

    @Test mutating func `it fails while one does`() {
        enter(0)
        enter(1)
        _ = set.takeReplies()
        set.received(.disconnected(reason: "broken"), from: 0, at: 0)
        set.received(.disconnected(reason: "broken"), from: 1, at: 0)
        set.timePassed(to: 2_000)
        #expect(set.takeReplies() == [.failing(reason: "broken")])
        enter(0)
        #expect(set.takeReplies() == [])
        enter(1)
        #expect(set.takeReplies() == [.recovered])
    }

    @Test mutating func `lines for other shards are taken while one fails`() throws {
        enter(0)
        enter(1)
        _ = (set.takeReplies(), set.takeEffects(for: 0))
        set.received(.disconnected(reason: "broken"), from: 1, at: 0)
        for now in stride(from: UInt64(500), through: 2_000, by: 500) {
            set.timePassed(to: now)
            for case .command(let number, .beat) in set.takeEffects(for: 0) {
                set.received(.answered(number, .beaten(Bench.state(), [])), from: 0, at: now)
            }
        }
        #expect(set.takeReplies() == [.failing(reason: "broken")])
        let lines = try [1, 0].map { shard in
            let room = try #require(rooms.first { set.shard(of: $0) == shard })
            return Bench.submission(UInt64(shard), in: room)
        }
        _ = set.takeEffects(for: 0)
        set.received(.append(lines), at: 2_000)
        let time = Timestamp(milliseconds: 0)
        answer(0, .appended(.answered([.ordered(seq: 1, time: time)])))
        #expect(set.takeReplies() == [.answered([.failed, .ordered(seq: 1, time: time)])])
    }

    @Test mutating func `no lines are taken before all shards have been open`() throws {
        enter(0)
        set.received(.disconnected(reason: "broken"), from: 1, at: 0)
        set.timePassed(to: 2_000)
        _ = set.takeReplies()
        let room = try #require(rooms.first { set.shard(of: $0) == 0 })
        set.received(.append([Bench.submission(0, in: room)]), at: 2_000)
        #expect(set.takeReplies() == [.answered([.failed])])
    }

    @Test mutating func `rooms are spread, and all nodes find them`() {
        #expect(Set(rooms.map { set.shard(of: $0) }) == [0, 1])
        #expect(set.shard(of: .everywhere) == 0)
        #expect(rooms.prefix(4).map { set.shard(of: $0) } == [0, 1, 0, 1])
    }

    @Test mutating func `a group is answered when all its shards have answered`() throws {
        enter(0)
        enter(1)
        _ = (set.takeReplies(), set.takeEffects(for: 0), set.takeEffects(for: 1))
        let lines = try [1, 0, 1].enumerated().map { place, shard in
            let room = try #require(rooms.first { set.shard(of: $0) == shard })
            return Bench.submission(UInt64(place), in: room)
        }
        set.received(.append(lines), at: 0)
        func ordered(_ seq: UInt64) -> SubmissionAnswer {
            .ordered(seq: seq, time: Timestamp(milliseconds: 0))
        }
        answer(1, .appended(.answered([ordered(1), ordered(2)])))
        #expect(set.takeReplies() == [])
        answer(0, .appended(.answered([ordered(7)])))
        #expect(set.takeReplies() == [.answered([ordered(1), ordered(7), ordered(2)])])
    }
}
