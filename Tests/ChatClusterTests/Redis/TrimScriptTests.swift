import Chat
import Redis
import TestSupport
import Testing

@testable import ChatCluster

/// Lines that are too many or too old, on a real Redis.
@Suite struct TrimScriptTests {
    private static let hour: Int64 = 3_600_000

    private struct Step: Equatable {
        let entries: Int
        let pause: UInt64
    }

    private func now(_ probe: ShardProbe) throws -> Int64 {
        let time = try probe.redis("TIME").elements?.compactMap(\.number) ?? []
        return try #require(time.first) * 1_000
    }

    private func lines(_ count: Int, at time: Int64) -> [Draft] {
        (0..<count).map {
            Draft(
                room: .lobby, time: Timestamp(milliseconds: time), username: "ann",
                message: "\($0)", key: nil)
        }
    }

    private func trim(_ probe: ShardProbe) throws -> Step {
        let reply = try probe.ask(.trim(probe.run))
        guard case .trimmed(let entries, let pause) = reply else {
            throw RedisProblem("\(reply)")
        }
        return Step(entries: entries, pause: pause)
    }

    /// The next round begins at once.
    private func hurry(_ probe: ShardProbe) throws {
        try probe.redis("HSET", "hubbub:trim", "due", "0")
    }

    @Test func `old lines are deleted, by one node at a time, and followers are told`() throws {
        let server = try RedisServer()
        let terms = ShardTerms(age: Self.hour)
        let probe = try ShardProbe(server.path, terms: terms)
        let (other, listener) = (
            try ShardProbe(server.path, node: "b", run: 2, terms: terms),
            try ShardProbe(server.path)
        )
        let (epoch, now) = (try probe.begin(), try now(probe))
        _ = try probe.say(lines(3, at: now - 2 * Self.hour), in: epoch)
        _ = try probe.say(lines(2, at: now), in: epoch)
        try listener.redis("SUBSCRIBE", ShardProbe.channels.channel(of: .lobby))
        #expect(try trim(probe) == Step(entries: 3, pause: ShardLimits.trimRound))
        #expect(try probe.open().oldest == 4)
        #expect(try probe.read(from: 1, through: 9).lines.map(\.seq) == [4, 5])
        let told = try #require(try listener.value().elements?.last?.bytes)
        #expect(PublicationCode.oldest(told) == 4)
        #expect(PublicationCode.publication(told) == nil)

        // It isn't time.
        let (mine, others) = (try trim(probe), try trim(other))
        #expect(mine.entries == 0 && others.entries == 0)
        #expect(mine.pause <= ShardLimits.trimRound)
        #expect(others.pause > mine.pause)

        // All lines are old: numbers go on.
        _ = try probe.say(lines(1, at: now - 2 * Self.hour), in: epoch)
        try hurry(probe)
        #expect(try trim(probe).entries == 0)
        try probe.redis("XTRIM", "hubbub:room:lobby", "MINID", "6")
        try hurry(other)
        #expect(try trim(other).entries == 1)
        #expect(try probe.open().oldest == 7)
        #expect(try probe.open().lastSeq == 6)
        guard case .ordered(seq: 7, _)? = try probe.say(lines(1, at: now), in: epoch).first else {
            return #expect(Bool(false), "the next number")
        }
        // Somebody who has seen line 6 misses nothing.
        #expect(try probe.catchUp(after: 6)?.count == 1)
        #expect(try probe.catchUp(after: 4) == nil)
    }

    @Test func `much is deleted in steps`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path, terms: ShardTerms(age: Self.hour))
        let (epoch, now) = (try probe.begin(), try now(probe))
        for _ in 0..<20 { _ = try probe.say(lines(256, at: now - 2 * Self.hour), in: epoch) }
        _ = try probe.say(lines(1, at: now), in: epoch)
        var (steps, entries) = (0, 0)
        while entries < 5_120, steps < 9 {
            try hurry(probe)
            let step = try trim(probe)
            #expect(step.entries <= ShardLimits.trimmedEntries + 64)
            if entries + step.entries < 5_120 { #expect(step.pause == ShardLimits.trimPause) }
            entries += step.entries
            steps += 1
        }
        #expect(entries == 5_120)
        #expect(steps == 3)
        #expect(try probe.open().oldest == 5_121)
    }

    @Test func `a round goes through all rooms`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path, terms: ShardTerms(age: Self.hour))
        let (epoch, now) = (try probe.begin(), try now(probe))
        for number in 0..<1_000 {
            let room = try #require(RoomName("room-\(number)"))
            let line = Draft(
                room: room, time: Timestamp(milliseconds: now - 2 * Self.hour), username: "ann",
                message: "x", key: nil)
            _ = try probe.say([line], in: epoch, room: room)
        }
        var (steps, entries, pause) = (0, 0, UInt64(0))
        while pause < ShardLimits.trimRound, steps < 100 {
            try hurry(probe)
            let step = try trim(probe)
            (entries, pause, steps) = (entries + step.entries, step.pause, steps + 1)
        }
        #expect(entries == 1_000)
        #expect(steps > 5)
    }

    @Test func `lines that were brought back go, too`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path, terms: ShardTerms(entries: 10, age: Self.hour))
        let (epoch, now) = (try probe.begin(), try now(probe))
        _ = try probe.say(lines(100, at: now), in: epoch)
        let old = now - 2 * Self.hour
        for (seq, time) in [(80, now), (91, old), (92, old), (95, now)] {
            try probe.redis("XDEL", "hubbub:room:lobby", "\(seq)-0")
            var request = RedisRequest("ZADD", "hubbub:restored:lobby", "\(seq)")
            request.append(Array("\(seq) ".utf8) + EntryCode.bytes(of: lines(1, at: time)[0]))
            probe.send(request)
            #expect(try probe.value() == .integer(1))
        }
        // 80 is above the number of lines, and two are too old.
        #expect(try trim(probe).entries >= 3)
        #expect(
            try probe.redis("ZRANGEBYSCORE", "hubbub:restored:lobby", "-inf", "+inf")
                .elements?.count == 1)
        #expect(try probe.read(from: 95, through: 95).lines.map(\.message) == ["0"])
    }

    @Test func `a clock that jumps ahead deletes nothing at once`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path, terms: ShardTerms(age: Self.hour))
        let (epoch, now) = (try probe.begin(), try now(probe))
        _ = try probe.say(lines(1, at: now - 2 * Self.hour), in: epoch)
        // As if the clock had been there a moment ago.
        try probe.redis("HSET", "hubbub:trim", "clock", "\(now - 100 * Self.hour)")
        #expect(try trim(probe).entries == 0)
        for _ in 0..<97 {
            try hurry(probe)
            #expect(try trim(probe).entries == 0)
        }
        for _ in 0..<2 {
            try hurry(probe)
            _ = try trim(probe)
        }
        #expect(try probe.open().oldest == 2)
    }

    @Test func `all lines are kept if nothing says otherwise`() throws {
        let server = try RedisServer()
        let probe = try ShardProbe(server.path)
        let epoch = try probe.begin()
        _ = try probe.say(lines(3, at: 1), in: epoch)
        #expect(try trim(probe) == Step(entries: 0, pause: ShardLimits.trimRound))
        #expect(try probe.open().oldest == 1)
    }
}
