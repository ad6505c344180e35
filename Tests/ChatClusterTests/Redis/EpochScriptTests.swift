import Chat
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// Epochs, names of nodes, and positions on a real Redis.
@Suite struct EpochScriptTests {
    @Test func `a node takes its name, and another run waits for it`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let second = try ShardProbe(server.path, run: 2)
        let other = try ShardProbe(server.path, node: "b", run: 2)
        guard case .entered(let state) = try probe.ask(.enter(probe.run)) else {
            return #expect(Bool(false), "it enters")
        }
        #expect(state.epoch == nil)
        #expect(!state.isSameData)
        #expect(state.news == 0)
        #expect(state.time > Timestamp(milliseconds: 1_700_000_000_000))
        guard case .entered = try probe.ask(.enter(probe.run)) else {
            return #expect(Bool(false), "it may come again")
        }
        guard case .nameTaken(let left) = try second.ask(.enter(second.run)) else {
            return #expect(Bool(false), "the name is taken")
        }
        #expect(1...5_000 ~= left)
        guard case .nameTaken = try second.ask(.beat(second.run, rooms: [])) else {
            return #expect(Bool(false), "the name is taken")
        }
        guard case .entered = try other.ask(.enter(other.run)) else {
            return #expect(Bool(false), "another name is free")
        }
        // The lease has ended.
        try probe.redis("DEL", "hubbub:node:a")
        guard case .entered = try second.ask(.enter(second.run)) else {
            return #expect(Bool(false), "the name is free")
        }
        guard case .nameTaken = try probe.ask(.beat(probe.run, rooms: [])) else {
            return #expect(Bool(false), "the first run has lost it")
        }
        try probe.redis("DEL", "hubbub:node:a")
        guard case .beaten = try probe.ask(.beat(probe.run, rooms: [])) else {
            return #expect(Bool(false), "a beat takes a free name")
        }
        #expect(try probe.redis("PTTL", "hubbub:node:a").number.map { 1...5_000 ~= $0 } == true)
    }

    @Test func `two nodes begin one epoch`() throws {
        let server = try RedisServer()
        let (one, other) = (try ShardProbe(server.path), try ShardProbe(server.path, node: "b"))
        let (first, second, third) = (Epoch(number: 1), Epoch(number: 2), Epoch(number: 3))
        one.send(.begin(first, after: nil))
        other.send(.begin(second, after: nil))
        let replies = Set([try one.value().text, try other.value().text])
        #expect(replies.count == 1)
        let epoch = try #require(try one.state().epoch)
        #expect(replies == [epoch.text])
        #expect(try one.state().isSameData)
        #expect(try other.ask(.begin(third, after: epoch)) == .begun(third))
        #expect(try one.ask(.begin(first, after: epoch)) == .begun(third))
    }

    @Test func `a restart is other data, and a new epoch ends the old one`() throws {
        let server = try RedisServer("--appendonly", "yes", "--appendfsync", "always")
        var probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        _ = try probe.say((1...5).map { .sample("\($0)") }, in: epoch)
        server.kill()
        try server.start()
        probe = try ShardProbe(server.path, run: 2)
        let state = try probe.state()
        #expect(state.epoch == epoch)
        #expect(!state.isSameData)
        let next = Epoch(number: 2)
        #expect(try probe.ask(.begin(next, after: epoch)) == .begun(next))
        #expect(try probe.state().isSameData)
        var snapshot = try probe.open()
        #expect(snapshot.epoch == next)
        #expect(snapshot.lastSeq == 5)
        #expect(snapshot.ends == [EpochEnd(epoch: epoch, seq: 5)])
        let answers = try probe.say([.sample("6")], in: next)
        #expect(answers == [.ordered(seq: 6, time: Timestamp(milliseconds: 1_800_000_000_123))])
        snapshot = try probe.open()
        #expect(snapshot.lastSeq == 6)
        #expect(snapshot.ends == [EpochEnd(epoch: epoch, seq: 5)])
        let lines = try probe.read(from: 1, through: 9).lines
        #expect(lines.map(\.message) == ["1", "2", "3", "4", "5", "6"])
    }

    @Test func `numbers go on above those that nodes have seen`() throws {
        let server = try RedisServer()
        let (probe, listener) = (try ShardProbe(server.path), try ShardProbe(server.path))
        let epoch = try probe.begin()
        _ = try probe.say((1...90).map { .sample("\($0)") }, in: epoch)
        let next = Epoch(number: 2)
        _ = try probe.ask(.begin(next, after: epoch))
        try listener.redis("SUBSCRIBE", ShardProbe.channels.channel(of: .lobby))
        let raised = RoomCursor(seq: 100, rev: 3)
        let empty = try #require(RoomName("empty"))
        #expect(try probe.ask(.raise(next, [.lobby: raised, empty: raised])) == .raised)
        // It has no effect if the numbers are above already.
        #expect(try probe.ask(.raise(next, [.lobby: RoomCursor(seq: 95, rev: 2)])) == .raised)
        guard case .failed = try probe.ask(.raise(epoch, [.lobby: RoomCursor(seq: 200)])) else {
            return #expect(Bool(false), "another epoch has begun")
        }
        let beat = try probe.ask(.beat(probe.run, rooms: [.lobby, empty, .everywhere]))
        guard case .beaten(_, let cursors) = beat else { return #expect(Bool(false), "\(beat)") }
        #expect(cursors == [raised, raised, RoomCursor()])
        var snapshot = try probe.open()
        #expect(snapshot.lastSeq == 100)
        #expect(snapshot.lastRev == 3)
        #expect(snapshot.oldest == 1)
        #expect(snapshot.ends == [EpochEnd(epoch: epoch, seq: 90)])
        let time = Timestamp(milliseconds: 1_800_000_000_123)
        #expect(try probe.say([.sample("a")], in: next) == [.ordered(seq: 101, time: time)])
        snapshot = try probe.open()
        #expect(snapshot.lastSeq == 101)
        #expect(snapshot.ends == [EpochEnd(epoch: epoch, seq: 90)])
        // A follower below doesn't pass over the numbers that were never given.
        #expect(try probe.catchUp(after: 90) == nil)
        #expect(try probe.catchUp(after: 100, rev: 3)?.count == 1)

        snapshot = try probe.open(empty)
        #expect(snapshot.lastSeq == 100)
        #expect(snapshot.oldest == 101)
        #expect(snapshot.ends == [EpochEnd(epoch: epoch, seq: 0)])

        let told = try #require(try listener.value().elements?.last?.bytes)
        #expect(PublicationCode.publication(told) == Publication(next, after: raised, []))
        let line = try #require(try listener.value().elements?.last?.bytes)
        #expect(PublicationCode.publication(line)?.previous == raised)
    }

    @Test func `many rooms are asked about at once`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        _ = try probe.say([.sample("a")], in: epoch)
        let rooms = (0..<2_500).compactMap { RoomName("room-\($0)") } + [.lobby]
        guard case .beaten(_, let cursors) = try probe.ask(.beat(probe.run, rooms: rooms)) else {
            return #expect(Bool(false), "positions")
        }
        #expect(cursors.count == 2_501)
        #expect(cursors.last == RoomCursor(seq: 1))
        #expect(cursors.dropLast().allSatisfy { $0 == RoomCursor() })
    }
}
