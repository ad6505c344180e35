import Chat
import Testing

@testable import Webhooks

@Suite struct EventFeedTests {
    private func enter(_ receiver: Receiver, _ name: String, after seq: UInt64 = 0) {
        _ = receiver.feed.moved(
            .joined, .lobby, as: name, user: nil, after: seq,
            at: Timestamp(milliseconds: receiver.time))
    }

    @Test func `members of an earlier run are gone, and those of this one come after lines`()
        throws
    {
        var receiver = Receiver(kinds: [.message, .joined, .left])
        enter(receiver, "ann")
        try receiver.run()
        receiver.say("1")
        enter(receiver, "bob", after: 1)
        receiver.say("2")
        try receiver.run()
        #expect(
            receiver.types
                == ["reset", "member.joined", "message", "member.joined", "message"])
        #expect(receiver.got[3].json.contains(#""incarnation":"i1""#))
        receiver.crash()
        try receiver.run()
        #expect(receiver.types.last == "reset")
        #expect(receiver.got.last?.json.contains(#""incarnation":"i2""#) ?? false)
    }

    @Test func `what was dropped is told as a gap`() throws {
        var receiver = Receiver(kinds: [.joined])
        try receiver.run()
        for number in 0..<EventFeed.limit + 10 { enter(receiver, "\(number)") }
        try receiver.run()
        #expect(receiver.types[1] == "gap")
        #expect(receiver.got[1].json.contains(#""missed":10"#))
        #expect(receiver.types.count { $0 == "member.joined" } == EventFeed.limit)
    }

    @Test func `without a history all comes from memory, and a restart is told`() throws {
        var receiver = Receiver(isStored: false)
        try receiver.run()
        #expect(receiver.types == ["gap"])
        #expect(receiver.got[0].json.contains(#""missed":null"#))
        func say(_ seq: UInt64, _ text: String) {
            receiver.feed.said(
                Line(
                    seq: seq, time: Timestamp(milliseconds: receiver.time), username: "ann",
                    message: text), in: .lobby)
        }
        for seq in UInt64(1)...600 { say(seq, "line") }
        say(601, "secret")
        let change = RoomChange(
            rev: 1, after: 601, time: Timestamp(milliseconds: receiver.time),
            kind: .deleted(seqs: [601]))
        receiver.feed.changed(try #require(ChangeRecord(change)), in: .lobby)
        try receiver.run()
        #expect(receiver.seqs() == Array(1...600))
        #expect(receiver.types.suffix(2) == ["deleted", "deleted"])
        #expect(!receiver.got.contains { $0.json.contains("secret") })
        receiver.crash()
        try receiver.run()
        #expect(receiver.types.last == "gap")
    }

    @Test func `members that nobody asks for are not kept`() {
        let receiver = Receiver()
        enter(receiver, "ann")
        #expect(receiver.feed.entries(from: 0, atMost: 9).entries.isEmpty)
    }

    @Test func `what all have got is forgotten`() {
        let receiver = Receiver(kinds: [.joined])
        for name in ["a", "b", "c"] { enter(receiver, name) }
        receiver.feed.forget(before: 2)
        #expect(receiver.feed.entries(from: 0, atMost: 9).first == 2)
        #expect(receiver.feed.end == 3)
    }
}
