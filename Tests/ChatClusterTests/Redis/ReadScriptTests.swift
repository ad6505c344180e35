import Chat
import TestSupport
import Testing

@testable import ChatCluster

/// Reading rooms of a real Redis.
@Suite struct ReadScriptTests {
    /// A server with lines in the lobby, each with its number as its text.
    private static func lobby(_ count: Int, bytes: Int = 0) throws -> (RedisServer, ShardProbe) {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        let padding = String(repeating: "x", count: bytes)
        var numbers = (1...count)[...]
        while !numbers.isEmpty {
            _ = try probe.say(numbers.prefix(256).map { .sample("\($0)\(padding)") }, in: epoch)
            numbers = numbers.dropFirst(256)
        }
        return (server, probe)
    }

    @Test func `an empty room is read`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        guard case .failed(let reason) = try probe.ask(.open(.lobby)) else {
            return #expect(Bool(false), "there is no epoch")
        }
        #expect(reason == "no epoch has begun")
        let epoch = try probe.begin()
        #expect(try probe.open() == RoomSnapshot(epoch: epoch, lastSeq: 0, oldest: 1))
        #expect(
            try probe.read(from: 1, through: 50) == RoomPage(lines: [], through: 0, oldest: 1))
        #expect(try probe.catchUp(after: 0) == [])
        // A follower that is ahead must open the room.
        #expect(try probe.catchUp(after: 1) == nil)
    }

    @Test func `pages have consecutive lines, and a limit`() throws {
        let (server, probe) = try Self.lobby(600)
        defer { server.kill() }
        var page = try probe.read(from: 10, through: 20)
        #expect(page.lines.map(\.message) == (10...20).map { "\($0)" })
        #expect(page.lines.map(\.seq) == Array(10...20))
        #expect(page.through == 20)
        #expect(page.oldest == 1)
        page = try probe.read(from: 300, through: 1_000)
        #expect(page.lines.map(\.seq) == Array(300...555))
        #expect(page.through == 555)
        page = try probe.read(from: 556, through: 1_000)
        #expect(page.lines.map(\.seq) == Array(556...600))
        #expect(page.through == 600)
        page = try probe.read(from: 601, through: 700)
        #expect(page == RoomPage(lines: [], through: 600, oldest: 1))
    }

    @Test func `a page takes so many bytes`() throws {
        let (server, probe) = try Self.lobby(40, bytes: 8_000)
        defer { server.kill() }
        let page = try probe.read(from: 1, through: 40)
        #expect(page.lines.count == 9)
        #expect(page.through == 9)
        #expect(try probe.catchUp(after: 0)?.count == 9)
        #expect(try probe.catchUp(after: 39)?.count == 1)
    }

    @Test func `lines that are gone are told`() throws {
        let (server, probe) = try Self.lobby(100)
        defer { server.kill() }
        try probe.redis("XTRIM", "hubbub:room:lobby", "MINID", "41-0")
        #expect(try probe.open().oldest == 41)
        #expect(try probe.open().lastSeq == 100)
        let page = try probe.read(from: 1, through: 45)
        #expect(page.lines.map(\.seq) == Array(41...45))
        #expect(page.oldest == 41)
        #expect(
            try probe.read(from: 1, through: 40) == RoomPage(lines: [], through: 40, oldest: 41))
        #expect(try probe.catchUp(after: 39) == nil)
        #expect(try probe.catchUp(after: 40)?.count == 60)
        try probe.redis("XTRIM", "hubbub:room:lobby", "MAXLEN", "0")
        #expect(try probe.open().oldest == 101)
        #expect(try probe.open().lastSeq == 100)
        #expect(try probe.catchUp(after: 99) == nil)
        #expect(try probe.catchUp(after: 100) == [])
    }

    @Test func `lines that were deleted keep their numbers`() throws {
        let (server, probe) = try Self.lobby(10)
        defer { server.kill() }
        for id in ["1-0", "4-0", "5-0", "10-0"] { try probe.redis("XDEL", "hubbub:room:lobby", id) }
        let page = try probe.read(from: 1, through: 20)
        #expect(page.lines.map(\.seq) == Array(2...10))
        #expect(page.lines.filter(\.isDeleted).map(\.seq) == [4, 5, 10])
        #expect(page.through == 10)
        #expect(page.oldest == 2)
        #expect(try probe.read(from: 4, through: 5).lines.count == 2)
        // The change that deletes a last line comes after it, so none is missing at the end.
        #expect(try probe.catchUp(after: 3) == nil)
        _ = try probe.say([.sample("11")], in: Epoch(number: 1))
        #expect(try probe.catchUp(after: 3)?.map(\.cursor.seq) == [6, 7, 8, 9, 11])
    }

    @Test func `a page of deleted lines has a limit`() throws {
        let (server, probe) = try Self.lobby(600)
        defer { server.kill() }
        for seq in 2...599 { try probe.redis("XDEL", "hubbub:room:lobby", "\(seq)-0") }
        let first = try probe.read(from: 1, through: 600)
        #expect(first.lines.count == 256)
        #expect(first.through == 256)
        #expect(first.lines.filter(\.isDeleted).count == 255)
        let last = try probe.read(from: 513, through: 600)
        #expect(last.lines.count == 88)
        #expect(last.lines.last?.message == "600")
    }
}
