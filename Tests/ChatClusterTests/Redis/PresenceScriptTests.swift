import Chat
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// Who attends, and the members of rooms, on a real Redis.
@Suite struct PresenceScriptTests {
    private let epoch = Epoch(number: 1)
    private let ann = RoomPresence(count: 1, usernames: ["ann \"x\""])
    private let many = RoomPresence(count: 7, usernames: nil)

    private func ask(_ probe: ShardProbe, _ command: PresenceCommand) throws -> PresenceReply {
        let reply = try probe.ask(.presence(command))
        guard case .presence(let answer) = reply else { throw RedisProblem("\(reply)") }
        return answer
    }

    /// The attendances in the order of the nodes' names, and the versions.
    private func attend(
        _ probe: ShardProbe, _ number: UInt64, in epoch: Epoch? = nil, _ rooms: [RoomName] = []
    ) throws -> (nodes: [Attendance], versions: [UInt64]) {
        let reply = try ask(
            probe, .attend(probe.run, number: number, epoch ?? self.epoch, rooms: rooms))
        guard case .attended(let nodes, let versions) = reply else {
            throw RedisProblem("\(reply)")
        }
        return (nodes.sorted { $0.run.name.text < $1.run.name.text }, versions)
    }

    private func members(_ probe: ShardProbe, in epoch: Epoch? = nil) throws -> RoomMembers {
        let reply = try ask(probe, .read(epoch ?? self.epoch, .lobby))
        guard case .read(let members) = reply else { throw RedisProblem("\(reply)") }
        return members
    }

    @Test func `an attendance grows, and begins anew with another run or epoch`() throws {
        let server = try RedisServer()
        let (one, other) = (try ShardProbe(server.path), try ShardProbe(server.path, node: "b"))
        #expect(try attend(one, 3).nodes == [Attendance(one.run, first: 3, last: 3)])
        _ = try attend(other, 1)
        #expect(
            try attend(one, 4).nodes == [
                Attendance(one.run, first: 3, last: 4), Attendance(other.run, first: 1, last: 1),
            ])
        // One that comes late takes nothing back.
        #expect(try attend(one, 2).nodes.first == Attendance(one.run, first: 3, last: 4))
        let later = try ShardProbe(server.path, run: 2)
        #expect(try attend(later, 1).nodes.first == Attendance(later.run, first: 1, last: 1))
        let next = Epoch(number: 2)
        #expect(try attend(other, 9, in: next).nodes == [Attendance(other.run, first: 9, last: 9)])
        let left = try one.redis("PTTL", "hubbub:attend:\(epoch.text)").number ?? 0
        #expect(left > 0 && left <= Int64(PresenceLimits.keeping))
    }

    @Test func `members are told, read, and have versions`() throws {
        let server = try RedisServer()
        let (one, other) = (try ShardProbe(server.path), try ShardProbe(server.path, node: "b"))
        let empty = try #require(RoomName("empty"))
        #expect(try attend(one, 1, [.lobby, empty]).versions == [0, 0])
        _ = try attend(other, 1)
        #expect(try members(one) == RoomMembers(version: 0, []))
        #expect(
            try ask(one, .tell(one.run, number: 2, epoch, .lobby, ann)) == .told(isTaken: true))
        #expect(
            try ask(other, .tell(other.run, number: 2, epoch, .lobby, many))
                == .told(isTaken: true))
        #expect(try attend(one, 3, [empty, .lobby]).versions == [0, 2])
        var found = try members(one)
        #expect(found.version == 2)
        #expect(
            found.nodes.sorted { $0.run.name.text < $1.run.name.text } == [
                NodeMembers(one.run, ann), NodeMembers(other.run, many),
            ])
        // One that comes late, or twice, changes nothing.
        #expect(
            try ask(one, .tell(one.run, number: 1, epoch, .lobby, many)) == .told(isTaken: true))
        #expect(
            try ask(one, .tell(one.run, number: 2, epoch, .lobby, many)) == .told(isTaken: true))
        #expect(try members(one).version == 2)
        #expect(
            try ask(one, .tell(one.run, number: 4, epoch, .lobby, .nobody))
                == .told(isTaken: true))
        found = try members(one)
        #expect(found.version == 3)
        #expect(found.nodes.contains(NodeMembers(one.run, .nobody)))
        #expect(try members(one, in: Epoch(number: 2)) == RoomMembers(version: 0, []))
    }

    @Test func `members of a run that doesn't attend are no members`() throws {
        let server = try RedisServer()
        let (old, new) = (try ShardProbe(server.path), try ShardProbe(server.path, run: 2))
        _ = try attend(old, 1)
        _ = try ask(old, .tell(old.run, number: 2, epoch, .lobby, ann))
        _ = try attend(new, 1)
        #expect(try members(new) == RoomMembers(version: 1, []))
        // What the old run says late isn't taken.
        #expect(
            try ask(old, .tell(old.run, number: 3, epoch, .lobby, ann)) == .told(isTaken: false))
        #expect(
            try ask(new, .tell(new.run, number: 2, epoch, .lobby, many)) == .told(isTaken: true))
        #expect(try members(new) == RoomMembers(version: 2, [NodeMembers(new.run, many)]))
    }

    @Test func `a node is buried, unless it has attended meanwhile`() throws {
        let server = try RedisServer()
        let (one, other) = (try ShardProbe(server.path), try ShardProbe(server.path, node: "b"))
        _ = try attend(other, 1)
        _ = try ask(other, .tell(other.run, number: 2, epoch, .lobby, ann))
        let seen = try #require(try attend(one, 1).nodes.last)
        _ = try attend(other, 3)
        #expect(try ask(one, .bury(seen, epoch)) == .buried)
        let now = try attend(one, 2).nodes
        #expect(now.last == Attendance(other.run, first: 1, last: 3))
        #expect(try ask(one, .bury(now[1], Epoch(number: 2))) == .buried)
        #expect(try attend(one, 3).nodes.count == 2)
        #expect(try ask(one, .bury(now[1], epoch)) == .buried)
        #expect(try attend(one, 4).nodes.map(\.run) == [one.run])
        #expect(try members(one).nodes == [])
    }

    @Test func `followers of a room are told of its members`() throws {
        let server = try RedisServer()
        let (probe, listener) = (try ShardProbe(server.path), try ShardProbe(server.path))
        try listener.redis("SUBSCRIBE", ShardProbe.channels.channel(of: .lobby))
        _ = try ask(probe, .tell(probe.run, number: 1, epoch, .lobby, ann))
        let bytes = try #require(try listener.value().elements?.last?.bytes)
        #expect(
            PresenceReplyCode.notice(bytes)
                == PresenceNotice(epoch, version: 1, NodeMembers(probe.run, ann)))
        #expect(PublicationCode.publication(bytes) == nil)
        for text in ["", "@", "@1 2", "@1 x {}", "1 0-0\n"] {
            #expect(PresenceReplyCode.notice(Array(text.utf8)) == nil)
        }
    }

    @Test func `answers that make no sense aren't taken`() {
        let run = Bench.other
        let list = RedisValue.array([.string(Array("a".utf8)), .string(Array("1 2".utf8))])
        let attend = PresenceCommand.attend(run, number: 1, epoch, rooms: [.lobby])
        for value in [
            RedisValue.null, .integer(1), .array([]), .array([list, .array([.integer(1)])]),
            .array([.array([]), .array([])]),
        ] {
            #expect(PresenceReplyCode.reply(to: attend, value) == nil)
            #expect(PresenceReplyCode.reply(to: .read(epoch, .lobby), value) == nil)
        }
    }
}
