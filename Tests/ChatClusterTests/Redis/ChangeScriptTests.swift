import Redis
import TestSupport
import Testing

@testable import Chat
@testable import ChatCluster

/// Changes of a room on a real Redis.
@Suite struct ChangeScriptTests {
    /// A room with five lines, and the changes that a node makes in it.
    private final class Fixture {
        let server: RedisServer
        let probe: ShardProbe
        let epoch: Epoch
        var ledger = RoomLedger(noTerms: TermRecord([]))

        init() throws {
            server = try RedisServer()
            probe = try ShardProbe(server.path)
            epoch = try probe.begin()
            _ = try probe.say((1...5).map { .sample("\($0)") }, in: epoch)
        }

        /// What a moderator's change is for the shard.
        func write(
            _ wanted: Moderation, lines: [Line] = [], undoing: LedgerEntry? = nil,
            key: String? = nil
        ) throws -> ChangeWrite {
            var request = ChangeRequest(
                id: 0, room: .lobby, wanted: wanted,
                by: Author(user: "mod", badge: .moderator), key: key,
                time: Timestamp(milliseconds: 1_800_000_001_000))
            var evidence = ChangeRequest.Evidence()
            evidence.lines = lines
            evidence.last = 5
            request.evidence = evidence
            let entry = try ledger.make(request, undoing: undoing)
            let write = ChangeWrite(entry, of: request, on: ledger, undoPeriod: 600_000)
            ledger.apply(entry.change)
            return write
        }

        func make(_ write: ChangeWrite) throws -> ChangeOutcome {
            guard case .made(let outcome) = try ask(.make(.lobby, epoch, write)) else {
                throw RedisProblem("it is no change")
            }
            return outcome
        }

        func ask(_ command: ChangeCommand) throws -> ChangeReply {
            let reply = try probe.ask(.changes(command))
            guard case .changes(let answer) = reply else { throw RedisProblem("\(reply)") }
            return answer
        }

        func consult(
            seqs: [UInt64] = [], undoing: UInt64? = nil, key: String? = nil
        ) throws -> ChangeBasis {
            var question = ChangeQuestion(key: key.map { ChangeKey(user: "mod", key: $0) })
            (question.seqs, question.undoing) = (seqs, undoing)
            guard case .consulted(let basis) = try ask(.consult(.lobby, question)) else {
                throw RedisProblem("it is no answer")
            }
            return basis
        }

        /// The lines with these numbers.
        func lines(_ seqs: UInt64...) throws -> [Line] { try consult(seqs: seqs).lines.map(\.line) }

        /// What is read of the room: the texts, and nil for deleted lines.
        func texts() throws -> [String?] {
            try probe.read(from: 1, through: 9).lines.map { $0.isDeleted ? nil : $0.message }
        }
    }

    @Test func `settings are an entry of the room, and part of its state`() throws {
        let room = try Fixture()
        let listener = try ShardProbe(room.server.path)
        try listener.redis("SUBSCRIBE", ShardProbe.channels.channel(of: .lobby))
        try listener.redis("SUBSCRIBE", ShardProbe.channels.news)
        var patch = RoomSettings.Patch()
        patch.rules.frozen = true
        let write = try room.write(.settings(patch), key: "k")
        #expect(try room.make(write) == .made(news: 1))
        // It isn't the next one any more.
        #expect(try room.make(write) == .conflict(rev: 1, news: 1))
        #expect(
            try room.ask(.make(.lobby, Epoch(number: 9), write)) == .made(.otherEpoch))

        let snapshot = try room.probe.open()
        #expect(snapshot.lastRev == 1)
        #expect(snapshot.settings.rules.frozen)
        #expect(snapshot.changes == [write.change])
        let entry = StoredEntry(RoomCursor(seq: 5, rev: 1), .change(write.change))
        #expect(try room.probe.catchUp(after: 5) == [entry])
        let told = try #require(try listener.value().elements?.last?.bytes)
        #expect(
            PublicationCode.publication(told)
                == Publication(room.epoch, after: RoomCursor(seq: 5), [entry]))
        let news = NumberedNews(1, .change(.lobby, write.change))
        let item = try #require(try listener.value().elements?.last?.bytes)
        #expect(ChangeReplyCode.news(item) == news)
        #expect(try room.ask(.news(after: 0)) == .news([news]))
        #expect(try room.ask(.news(after: 1)) == .news([]))
        #expect(try room.ask(.news(after: 2)) == .news(nil))
        #expect(try room.probe.state().news == 1)

        var state = RoomState(.lobby, rev: 1)
        state.settings.rules.frozen = true
        #expect(try room.ask(.survey(after: nil)) == .surveyed([state], isLast: true))
        #expect(try room.ask(.survey(after: .lobby)) == .surveyed([], isLast: true))
        #expect(try room.ask(.log(.lobby, before: 2, limit: 50)) == .logged([write.entry]))
        let basis = try room.consult(key: "k")
        #expect(basis.known == ChangeBasis.Known(rev: 1, digest: write.digest))
        #expect(basis.last == RoomCursor(seq: 5, rev: 1))
        #expect(try room.consult(key: "l").known == nil)
        // Lines go on behind it.
        _ = try room.probe.say([.sample("6")], in: room.epoch)
        #expect(try room.probe.open().lastSeq == 6)
        #expect(try room.probe.catchUp(after: 5, rev: 1)?.map(\.cursor.rev) == [1])
    }

    @Test func `deleted lines are kept apart, and come back`() throws {
        let room = try Fixture()
        let delete = try room.write(.delete(seqs: [2, 3]), lines: try room.lines(2, 3))
        #expect(try room.make(delete) == .made(news: 1))
        #expect(try room.texts() == ["1", nil, nil, "4", "5"])
        #expect(try room.consult(seqs: [1, 2, 3]).lines.map(\.line.seq) == [1])
        #expect(try room.ask(.unerased) == .unerased([:]))
        #expect(try room.ask(.erase(.lobby, rev: 1)) == .erased(left: 0))

        let undoing = try #require(try room.consult(undoing: 1).undoing)
        #expect(undoing.kept.map(\.message) == ["2", "3"])
        #expect(!undoing.isErasing)
        var undone = undoing.entry
        undone.lines = undoing.kept
        let undo = try room.write(.undo(rev: 1), undoing: undone)
        #expect(try room.make(undo) == .made(news: 2))
        #expect(try room.texts() == ["1", "2", "3", "4", "5"])
        guard case .logged(let log) = try room.ask(.log(.lobby, before: 9, limit: 50)) else {
            return #expect(Bool(false), "a log")
        }
        #expect(log.map(\.change.rev) == [2, 1])
        #expect(log.map(\.undone) == [nil, 2])
        guard case .scanned(let lines) = try room.ask(.scan(.lobby, below: 5)) else {
            return #expect(Bool(false), "lines")
        }
        #expect(lines.map(\.line.message) == ["4", "3", "2", "1"])

        // A line that is back can be deleted again.
        let again = try room.write(.delete(seqs: [2]), lines: try room.lines(2))
        #expect(try room.make(again) == .made(news: 3))
        #expect(try room.texts() == ["1", nil, "3", "4", "5"])
        // The time to undo it is over.
        try room.probe.redis("DEL", "hubbub:kept:lobby:3")
        var late = try #require(try room.consult(undoing: 3).undoing)
        #expect(late.kept.isEmpty)
        late.kept = try room.lines(1)
        var entry = late.entry
        entry.lines = late.kept
        #expect(
            try room.make(try room.write(.undo(rev: 3), undoing: entry))
                == .conflict(rev: 3, news: 3))
    }

    @Test func `many lines are erased in parts`() throws {
        let room = try Fixture()
        for _ in 0..<3 {
            _ = try room.probe.say((0..<200).map { .sample("\($0)") }, in: room.epoch)
        }
        let lines = (6...605).map { seq in
            Line(seq: seq, time: Timestamp(milliseconds: 0), username: "ann", message: "x")
        }
        var order = PurgeOrder()
        order.username = "ann"
        let write = try room.write(.purge(order), lines: lines)
        #expect(try room.make(write) == .made(news: 1))
        #expect(try room.ask(.unerased) == .unerased([.lobby: [1]]))
        #expect(try room.consult(undoing: 1).undoing?.isErasing == true)
        #expect(try room.ask(.erase(.lobby, rev: 1)) == .erased(left: 88))
        #expect(try room.ask(.erase(.lobby, rev: 1)) == .erased(left: 0))
        #expect(try room.ask(.unerased) == .unerased([:]))
        let undoing = try room.consult(undoing: 1).undoing
        #expect(undoing?.isErasing == false)
        #expect(undoing?.kept.count == ShardLimits.keptLines)
        #expect(undoing?.kept.first?.seq == 6)
        #expect(try room.probe.redis("XLEN", "hubbub:room:lobby") == .integer(6))
    }

    @Test func `a full Redis makes no change`() throws {
        let room = try Fixture()
        let write = try room.write(.settings(RoomSettings.Patch()))
        try room.probe.redis("CONFIG", "SET", "maxmemory", "1")
        guard case .refused(let reason) = try room.make(write) else {
            return #expect(Bool(false), "it is refused")
        }
        #expect(reason.hasPrefix("OOM"))
        #expect(try room.probe.open().lastRev == 0)
        try room.probe.redis("CONFIG", "SET", "maxmemory", "0")
        #expect(try room.make(write) == .made(news: 1))
    }
}
