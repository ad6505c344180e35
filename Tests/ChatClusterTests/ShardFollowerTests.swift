import Chat
import ChatCluster
import Testing

/// What a node does, step by step. Everything together is tried by ``ClusterStormTests``.
@Suite struct ShardFollowerTests {
    private let epoch = Bench.epoch

    @Test func `a node is ready when it has entered`() {
        var bench = Bench()
        bench.enter()
        #expect(bench.replies() == [.ready(OrdererOpening(epoch: epoch, sends: []))])
    }

    @Test func `data that isn't the same begins a new epoch`() {
        var bench = Bench.following(.lobby, at: 5)
        bench.disconnect()
        bench.event(.connected)
        bench.answer(.entered(Bench.state(isSameData: false)))
        guard case .begin(let new, after: epoch)? = bench.commands.first?.command else {
            Issue.record("no epoch begins")
            return
        }
        #expect(new != epoch)
        bench.answer(.begun(new))
        #expect(
            bench.commands.map(\.command) == [.raise(new, [.lobby: RoomCursor(seq: 5, rev: 0)])])
        bench.answer(.raised)
        #expect(bench.replies() == [.ready(OrdererOpening(epoch: new, sends: []))])
    }

    @Test func `a lost message is read when the next one arrives`() {
        var bench = Bench.following(.lobby)
        bench.event(.published(.lobby, Bench.publication(2)))
        #expect(bench.replies() == [])
        #expect(bench.commands.map(\.command) == [.catchUp(.lobby, after: RoomCursor())])
        bench.event(.published(.lobby, Bench.publication(3)))
        #expect(bench.commands.count == 1)
        bench.answer(.caughtUp(epoch, [Bench.line(1)]))
        let entries = (1...3).map { Bench.line($0).entry }
        #expect(bench.replies() == [.entries(.lobby, entries)])
        bench.event(.published(.lobby, Bench.publication(2)))
        #expect(bench.replies() == [])
    }

    @Test func `a beat finds the last message of a quiet room`() {
        var bench = Bench.following(.lobby)
        bench.wait(ShardLimits.beat)
        bench.answer(.beaten(Bench.state(), [RoomCursor(seq: 1, rev: 0)]))
        #expect(bench.commands.isEmpty)
        bench.wait(ShardLimits.grace)
        #expect(bench.commands.map(\.command) == [.catchUp(.lobby, after: RoomCursor())])
    }

    @Test func `the server learns that old lines are gone`() {
        var bench = Bench.following(.lobby, at: 9)
        bench.event(.pruned(.lobby, oldest: 5))
        bench.event(.pruned(.lobby, oldest: 5))
        bench.event(.pruned(.everywhere, oldest: 5))
        #expect(bench.replies() == [.pruned(.lobby, oldest: 5)])
        bench.request(.follow(.lobby))
        let snapshot = RoomSnapshot(epoch: epoch, lastSeq: 9, oldest: 5)
        #expect(bench.replies() == [.following(.lobby, snapshot)])
    }

    @Test func `a storm of follows costs the shard one answer`() {
        var bench = Bench.following(.lobby)
        bench.event(.published(.lobby, Bench.publication(1)))
        _ = bench.replies()
        _ = bench.takeEffects()
        for _ in 0..<1_000 { bench.request(.follow(.lobby)) }
        #expect(bench.takeEffects() == [])
        let snapshot = RoomSnapshot(epoch: epoch, lastSeq: 1, oldest: 1)
        let expected = Array(repeating: OrdererReply.following(.lobby, snapshot), count: 1_000)
        #expect(bench.replies() == expected)
        // If they want what the shard has, it is asked twice: its first answer may be older than
        // the last question.
        for _ in 0..<1_000 { bench.request(.catchUp(.lobby)) }
        for seq in [2, 3] as [UInt64] {
            #expect(bench.replies() == [])
            #expect(
                bench.commands.map(\.command) == [
                    .catchUp(.lobby, after: RoomCursor(seq: seq - 1, rev: 0))
                ])
            bench.answer(.caughtUp(epoch, [Bench.line(seq)]))
            let line = bench.follower.takeReplies().first
            #expect(line == .entries(.lobby, [Bench.line(seq).entry]))
        }
        #expect(bench.commands.isEmpty)
    }

    @Test func `the state of a room that is followed has what the shard has`() {
        var bench = Bench.following(.lobby)
        bench.request(.catchUp(.lobby))
        #expect(bench.replies() == [])
        bench.answer(.caughtUp(epoch, [Bench.line(1)]))
        let snapshot = RoomSnapshot(epoch: epoch, lastSeq: 1, oldest: 1)
        #expect(
            bench.replies() == [
                .entries(.lobby, [Bench.line(1).entry]), .following(.lobby, snapshot),
            ])
        // Entries that are there already, none, and a shard that can't tell.
        bench.request(.catchUp(.lobby))
        bench.event(.published(.lobby, Bench.publication(2)))
        bench.answer(.caughtUp(epoch, [Bench.line(2)]))
        bench.request(.catchUp(.lobby))
        bench.answer(.caughtUp(epoch, []))
        bench.request(.catchUp(.lobby))
        bench.answer(.failed(reason: "busy"))
        let next = OrdererReply.following(
            .lobby, RoomSnapshot(epoch: epoch, lastSeq: 2, oldest: 1))
        #expect(
            bench.replies() == [.entries(.lobby, [Bench.line(2).entry]), next, next, next])
    }

    @Test func `a question about a room is asked on the next connection, or is given up`() {
        var bench = Bench.following(.lobby)
        bench.request(.catchUp(.lobby))
        bench.disconnect()
        bench.event(.connected)
        bench.answer(.entered(Bench.state()))
        let question = ShardCommand.catchUp(.lobby, after: RoomCursor())
        #expect(bench.commands.map(\.command).contains(question))
        #expect(bench.replies() == [])
        bench.disconnect()
        bench.request(.catchUp(.lobby))
        bench.wait(3_000)
        let known = OrdererReply.following(
            .lobby, RoomSnapshot(epoch: epoch, lastSeq: 0, oldest: 1))
        #expect(bench.replies() == [.failing(reason: "broken"), known])
        bench.request(.catchUp(.lobby))
        #expect(bench.replies() == [known])
    }

    @Test func `a line that follows a follow waits until the room is asked for`() {
        var bench = Bench()
        bench.enter()
        bench.request(.follow(.lobby))
        bench.request(.append([Bench.submission(0)]))
        #expect(bench.commands.isEmpty)
        bench.event(.subscribed(.lobby))
        #expect(bench.commands.first?.command == .open(.lobby))
        #expect(bench.commands.count == 2)
    }

    @Test func `a group is split by room and by size, and answered as one`() {
        var bench = Bench()
        bench.enter()
        _ = bench.replies()
        guard let other = RoomName("other") else { return }
        let lines = (0..<300).map { Bench.submission(UInt64($0), in: $0 == 1 ? other : .lobby) }
        bench.request(.append(lines))
        func sizes() -> [Int] {
            bench.commands.map {
                if case .append(_, _, _, _, let lines) = $0.command { lines.count } else { 0 }
            }
        }
        func ordered(_ seqs: ClosedRange<UInt64>) -> [SubmissionAnswer] {
            seqs.map { .ordered(seq: $0, time: Timestamp(milliseconds: 0)) }
        }
        #expect(sizes() == [256, 1])
        bench.answer(.appended(.answered(ordered(1...256))))
        #expect(sizes() == [1, 43])
        bench.answer(.appended(.answered(ordered(1...1))))
        #expect(bench.replies() == [])
        bench.answer(.appended(.answered(ordered(257...299))))
        let answers = ordered(1...1) + ordered(1...1) + ordered(2...299)
        #expect(bench.replies() == [.answered(answers)])
    }

    @Test func `ids of lines that wait go on above those of an earlier epoch`() {
        var bench = Bench.following(.lobby)
        let line = HeldLine(id: 77, Bench.submission(0).draft, .hold)
        bench.event(.news([NumberedNews(1, .held([line], by: Bench.other))]))
        _ = bench.replies()
        bench.disconnect()
        bench.event(.connected)
        bench.answer(.entered(Bench.state(isSameData: false)))
        let new = Epoch(number: 8)
        bench.answer(.begun(new))
        #expect(bench.commands.map(\.command) == [.raise(new, [:], held: 77)])
    }

    @Test func `a shard that is silent makes lines fail, and is connected to again`() {
        var bench = Bench.following(.lobby)
        _ = bench.takeEffects()
        bench.wait(1_499)
        #expect(bench.replies() == [])
        bench.wait(1)
        #expect(bench.replies() == [.failing(reason: "no answer for 1500 ms")])
        #expect(bench.takeEffects().last == .reconnect)
        bench.request(.append([Bench.submission(0)]))
        bench.request(.read(.lobby, from: 1, through: 1))
        bench.request(.follow(.lobby))
        let snapshot = RoomSnapshot(epoch: epoch, lastSeq: 0, oldest: 1)
        #expect(
            bench.replies() == [
                .answered([.failed]), .readFailed(.lobby, from: 1), .following(.lobby, snapshot),
            ])
    }
}
