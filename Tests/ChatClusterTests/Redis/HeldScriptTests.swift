import Chat
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// Lines that wait, and notices to all nodes, on a real Redis.
@Suite struct HeldScriptTests {
    private static func ask(_ probe: ShardProbe, _ command: ChangeCommand) throws -> ChangeReply {
        let reply = try probe.ask(.changes(command))
        guard case .changes(let answer) = reply else { throw RedisProblem("\(reply)") }
        return answer
    }

    /// The lines that wait now. Empty if one of them doesn't, or if the command failed.
    private static func hold(
        _ probe: ShardProbe, _ command: ChangeCommand
    ) throws -> [HeldLine] {
        guard case .held(let outcomes, _) = try ask(probe, command) else { return [] }
        let lines = outcomes.compactMap { outcome -> HeldLine? in
            if case .waits(let line) = outcome { line } else { nil }
        }
        return lines.count == outcomes.count ? lines : []
    }

    @Test func `lines wait, and are said once`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        var guest = Draft.sample("1")
        guest.origin = Origin(block: 3, connection: 4)
        let holds = [
            HeldRequest.Hold(ticket: 1, guest, .hold),
            HeldRequest.Hold(ticket: 2, .sample("2", by: Author(user: "u"), key: "k"), .term),
        ]
        let hold = ChangeCommand.hold(probe.run, group: 1, holds)
        let lines = try Self.hold(probe, hold)
        try #require(lines.count == 2)
        #expect(lines.map(\.draft) == holds.map(\.draft))
        #expect(lines.map(\.reason) == [.hold, .term])
        #expect(lines[0].id < lines[1].id)
        #expect(try Self.ask(probe, hold) == .held(lines.map { .waits($0) }, news: 1))
        #expect(try Self.ask(probe, .waiting(after: 0)) == .waiting(lines, isLast: true))
        #expect(
            try Self.ask(probe, .waiting(after: lines[0].id))
                == .waiting([lines[1]], isLast: true))
        // A key that waits already.
        #expect(
            try Self.ask(probe, .hold(probe.run, group: 2, [holds[1]]))
                == .held([.waits(lines[1])], news: 1))
        #expect(
            try Self.ask(probe, .news(after: 0))
                == .news([NumberedNews(1, .held(lines, by: probe.run))]))

        let ids = lines.map(\.id)
        let time = Timestamp(milliseconds: 1_800_000_009_000)
        #expect(
            try Self.ask(
                probe, .release(probe.run, group: 3, .lobby, Epoch(number: 9), ids, at: time))
                == .released(.otherEpoch))
        let release = ChangeCommand.release(
            probe.run, group: 3, .lobby, epoch, ids + [99], at: time)
        let said = [
            HeldReply.Said(id: ids[0], seq: 1, time: time),
            HeldReply.Said(id: ids[1], seq: 2, time: time),
        ]
        #expect(try Self.ask(probe, release) == .released(.said(said, news: 2)))
        #expect(try Self.ask(probe, release) == .released(.said(said, news: 2)))
        #expect(
            try Self.ask(probe, .news(after: 1))
                == .news([NumberedNews(2, .said(said, by: probe.run))]))
        let entries = try #require(try probe.catchUp(after: 0))
        #expect(
            entries.first?.content
                == .line(
                    Line(seq: 1, time: time, username: "ann", message: "1"), guest.origin))
        // Its key is known.
        #expect(
            try probe.say([.sample("2", by: Author(user: "u"), key: "k")], in: epoch)
                == [.already(seq: 2, time: time)])
        let again = HeldRequest.Hold(
            ticket: 3, .sample("3", by: Author(user: "u"), key: "k"), .term)
        #expect(
            try Self.ask(probe, .hold(probe.run, group: 4, [holds[1], again]))
                == .held([.said(seq: 2, time: time), .otherText], news: 2))
        #expect(try Self.ask(probe, .waiting(after: 0)) == .waiting([], isLast: true))
    }

    @Test func `ids of lines that wait are safe in JSON, and no two shards give the same`() throws {
        let server = try RedisServer()
        let probes = try [0, 1, 255].map { try ShardProbe(server.path, terms: .init(shard: $0)) }
        var ids: [UInt64] = []
        for group in 1...8 {
            // As if each shard had a Redis of its own, with the same clock.
            for (place, probe) in probes.enumerated() {
                let id = try probe.hold("text", group: UInt64(group * probes.count + place))
                #expect(id % 256 == [0, 1, 255][place])
                ids.append(id)
            }
        }
        #expect(Set(ids).count == ids.count)
        #expect(ids == ids.sorted())
        #expect(ids.allSatisfy { $0 < 1 << 53 })
        // They come back as they were given.
        #expect(
            try Self.ask(probes[0], .waiting(after: ids[1])).waiting?.map(\.id) == Array(ids[2...]))
    }

    @Test func `lines that are dropped wait no more`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let hold = HeldRequest.Hold(ticket: 1, .sample("1", key: "k"), .check)
        let lines = try Self.hold(probe, .hold(probe.run, group: 1, [hold]))
        try #require(lines.count == 1)
        #expect(try Self.ask(probe, .drop([lines[0].id, 7])) == .dropped(news: 2))
        #expect(try Self.ask(probe, .drop([lines[0].id])) == .dropped(news: 2))
        #expect(
            try Self.ask(probe, .news(after: 1))
                == .news([NumberedNews(2, .dropped([lines[0].id]))]))
        // Its key is free.
        let next = try Self.hold(probe, .hold(probe.run, group: 2, [hold]))
        #expect(next.first.map { $0.id > lines[0].id } == true)
    }

    @Test func `all nodes are told, and revocations are kept`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let notices: [ServerNotice] = [
            .revoked("a \"line\""), .disconnectedUser("u", reason: "r"),
            .disconnected(connection: "c", reason: ""),
        ]
        for notice in notices {
            #expect(try Self.ask(probe, .notify(probe.run, notice)) == .notified)
        }
        #expect(try Self.ask(probe, .revocations) == .revocations(["a \"line\""]))
        let news = zip(1..., notices).map { NumberedNews($0, .notice($1, by: probe.run)) }
        #expect(try Self.ask(probe, .news(after: 0)) == .news(news))
        // News that are gone are told.
        try probe.redis("XTRIM", "hubbub:news", "MAXLEN", "1")
        #expect(try Self.ask(probe, .news(after: 0)) == .news(nil))
        #expect(try Self.ask(probe, .news(after: 2)) == .news([news[2]]))
    }
}

extension ChangeReply {
    fileprivate var waiting: [HeldLine]? {
        if case .waiting(let lines, _) = self { lines } else { nil }
    }
}
