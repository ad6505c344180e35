import Chat
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// What happens to lines on a real Redis.
@Suite struct AppendScriptTests {
    private static let time = Timestamp(milliseconds: 1_800_000_000_123)

    @Test func `lines get numbers, are kept, and are published once`() throws {
        let server = try RedisServer()
        let (probe, listener) = (try ShardProbe(server.path), try ShardProbe(server.path))
        let epoch = try probe.begin()
        try listener.redis("SUBSCRIBE", ShardProbe.channels.channel(of: .lobby))
        let drafts = EntryCodeTests.drafts
        let answers = try probe.say(drafts, in: epoch)
        #expect(answers == (1...6).map { .ordered(seq: $0, time: Self.time) })
        #expect(try probe.say([.sample("next")], in: epoch) == [.ordered(seq: 7, time: Self.time)])

        let first = try #require(try listener.value().elements)
        let bytes = try #require(first.last?.bytes)
        let publication = try #require(PublicationCode.publication(bytes))
        #expect(publication.epoch == epoch)
        #expect(publication.previous == RoomCursor())
        #expect(publication.entries.count == 6)
        #expect(try probe.catchUp(after: 0)?.prefix(6) == publication.entries[...])
        let second = try #require(try listener.value().elements?.last?.bytes)
        #expect(
            PublicationCode.publication(second)?.previous == RoomCursor(seq: 6, rev: 0))
        #expect(try probe.open().lastSeq == 7)
    }

    @Test func `rooms are apart`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        let other = try #require(RoomName("other"))
        #expect(try probe.say([.sample("a")], in: epoch) == [.ordered(seq: 1, time: Self.time)])
        let draft = Draft.sample("a", in: other)
        #expect(
            try probe.say([draft], in: epoch, room: other) == [.ordered(seq: 1, time: Self.time)])
        #expect(try probe.open(other).lastSeq == 1)
    }

    @Test func `databases of one Redis are apart, and so are their channels`() throws {
        let server = try RedisServer()
        let (first, second) = (
            try ShardProbe(server.path), try ShardProbe(server.path, database: 3)
        )
        let listener = try ShardProbe(server.path)
        let channels = ShardChannels(database: 3)
        try listener.redis("SUBSCRIBE", channels.channel(of: .lobby))
        let (one, other) = (try first.begin(1), try second.begin(2))
        for text in ["a", "b"] { _ = try first.say([.sample(text)], in: one) }
        #expect(try second.say([.sample("c")], in: other) == [.ordered(seq: 1, time: Self.time)])
        let heard = try #require(try listener.value().elements?.last?.bytes)
        #expect(PublicationCode.publication(heard)?.epoch == other)
        #expect(try first.open().lastSeq == 2)
    }

    @Test func `a group that comes again is only answered again`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        let first = probe.append([.sample("a"), .sample("b", key: "k")], in: epoch)
        let reply = try probe.ask(first)
        #expect(try probe.ask(first) == reply)
        // Whatever its epoch is now.
        #expect(
            try probe.ask(.begin(Epoch(number: 2), after: epoch)) == .begun(Epoch(number: 2)))
        #expect(try probe.ask(first) == reply)
        #expect(try probe.open().lastSeq == 2)

        let second = probe.append([.sample("c")], in: Epoch(number: 2))
        _ = try probe.ask(second)
        // It comes over a connection that was given up.
        guard case .appended(.refused) = try probe.ask(first) else {
            return #expect(Bool(false), "nothing is appended")
        }
        #expect(try probe.open().lastSeq == 3)

        // Another run of the node counts from the start.
        let later = try ShardProbe(server.path, run: 2)
        #expect(
            try later.say([.sample("d")], in: Epoch(number: 2))
                == [.ordered(seq: 4, time: Self.time)])
    }

    @Test func `a key is recognised on any node`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let other = try ShardProbe(server.path, node: "b")
        let epoch = try probe.begin()
        let line = Draft.sample("a", key: "k")
        let answers = try probe.say(
            [.sample("x"), line, line, .sample("b", key: "k"), .sample("y", key: "l")], in: epoch)
        #expect(
            answers == [
                .ordered(seq: 1, time: Self.time), .ordered(seq: 2, time: Self.time),
                .already(seq: 2, time: Self.time), .otherText,
                .ordered(seq: 3, time: Self.time),
            ])
        #expect(
            try other.say([line, .sample("z"), .sample("b", key: "l")], in: epoch) == [
                .already(seq: 2, time: Self.time), .ordered(seq: 4, time: Self.time), .otherText,
            ])
        // Nothing is new.
        #expect(try other.say([line], in: epoch) == [.already(seq: 2, time: Self.time)])
        #expect(try probe.open().lastSeq == 4)
        #expect(try probe.catchUp(after: 0)?.count == 4)
        let keys = try probe.redis("KEYS", "hubbub:send:*").elements
        #expect(keys?.count == 2)
    }

    @Test func `nothing is appended in another epoch`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        #expect(
            try probe.ask(probe.append([.sample("a")], in: Epoch(number: 9)))
                == .appended(.otherEpoch))
        let epoch = try probe.begin()
        #expect(
            try probe.ask(probe.append([.sample("a")], in: Epoch(number: 9)))
                == .appended(.otherEpoch))
        // The epoch is right, and the data isn't that of the epoch.
        try probe.redis("HSET", "hubbub:epoch", "data", "another")
        #expect(
            try probe.ask(probe.append([.sample("a")], in: epoch), compares: true)
                == .appended(.otherEpoch))
        #expect(try probe.open().lastSeq == 0)
        #expect(try probe.redis("KEYS", "hubbub:*").elements?.count == 2)
    }

    @Test func `a full Redis refuses all of an append, and still answers`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        _ = try probe.ask(.enter(probe.run))
        #expect(try probe.say([.sample("a", key: "k")], in: epoch).count == 1)
        try probe.redis("CONFIG", "SET", "maxmemory", "1")
        let command = probe.append([.sample("b"), .sample("c", key: "l")], in: epoch)
        guard case .appended(.refused(let reason)) = try probe.ask(command) else {
            return #expect(Bool(false), "it is refused")
        }
        #expect(reason.hasPrefix("OOM"))
        #expect(
            try probe.say([.sample("a", key: "k")], in: epoch) == [
                .already(seq: 1, time: Self.time)
            ])
        #expect(try probe.open().lastSeq == 1)
        #expect(try probe.read(from: 1, through: 9).lines.count == 1)
        let beat = try probe.ask(.beat(probe.run, rooms: [.lobby]))
        guard case .beaten(let state, let cursors) = beat else {
            return #expect(Bool(false), "\(beat)")
        }
        #expect(state.isSameData)
        #expect(cursors == [RoomCursor(seq: 1)])
        try probe.redis("CONFIG", "SET", "maxmemory", "0")
        guard case .appended(.answered(let answers)) = try probe.ask(command) else {
            return #expect(Bool(false), "it is answered")
        }
        #expect(answers.first == .ordered(seq: 2, time: Self.time))
    }

    @Test func `a replica refuses, and isn't the data of the epoch`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        #expect(try probe.state().isSameData)
        try probe.redis("REPLICAOF", "127.0.0.1", "1")
        guard
            case .appended(.refused(let reason)) = try probe.ask(
                probe.append([.sample("b")], in: epoch))
        else { return #expect(Bool(false), "it is refused") }
        #expect(reason.hasPrefix("READONLY"))
        #expect(try probe.state().isSameData == false)
        let begun = try probe.ask(.begin(Epoch(number: 2), after: epoch))
        #expect(begun == .failed(reason: "READONLY it is a replica"))
        try probe.redis("REPLICAOF", "NO", "ONE")
        // It was a replica meanwhile, and may have got other data.
        #expect(try probe.state().isSameData == false)
        #expect(
            try probe.ask(probe.append([.sample("b")], in: epoch), compares: true)
                == .appended(.otherEpoch))
    }

    @Test func `a head that somebody has deleted lets no number be used twice`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        _ = try probe.say([.sample("a"), .sample("b")], in: epoch)
        try probe.redis("DEL", "hubbub:heads")
        #expect(try probe.open().lastSeq == 2)
        guard case .appended(.refused) = try probe.ask(probe.append([.sample("c")], in: epoch))
        else { return #expect(Bool(false), "it is refused once") }
        #expect(try probe.say([.sample("c")], in: epoch) == [.ordered(seq: 3, time: Self.time)])
        try probe.redis("DEL", "hubbub:room:lobby")
        #expect(try probe.open().lastSeq == 3)
        #expect(try probe.open().oldest == 4)
        #expect(try probe.say([.sample("d")], in: epoch) == [.ordered(seq: 4, time: Self.time)])
    }
}
