import Chat
import Redis
import Testing

@testable import ChatCluster

@Suite struct CodecTests {
    @Test func `answers are told apart`() {
        let submissions = (0..<12).map { Submission(id: $0, draft: .sample("\($0)")) }
        let answers = AnswerText.answers("42 1=17,1700000000000 2! 11=3,5", to: submissions)
        let time = Timestamp(milliseconds: 1_800_000_000_123)
        let expected: [SubmissionAnswer] =
            [
                .ordered(seq: 42, time: time),
                .already(seq: 17, time: Timestamp(milliseconds: 1_700_000_000_000)), .otherText,
            ] + (0..<8).map { .ordered(seq: 43 + $0, time: time) }
            + [.already(seq: 3, time: Timestamp(milliseconds: 5))]
        #expect(answers == expected)
        #expect(AnswerText.answers("1", to: []) == [])
    }

    @Test(arguments: ["", "x", "1 5!", "1 0=3", "1 0=3,x", "1 0?", "1 0! 0!"])
    func `answers that can't be read are refused`(text: String) {
        let submissions = [Submission(id: 0, draft: .sample("a"))]
        #expect(AnswerText.answers(text, to: submissions) == nil)
    }

    @Test func `positions are ids of entries`() {
        let cursor = RoomCursor(seq: 12, rev: 3)
        #expect(PositionText.text(of: cursor) == "12-3")
        #expect(PositionText.cursor("12-3") == cursor)
        for text in ["", "12", "12-", "-3", "1-2-3", "a-b"] {
            #expect(PositionText.cursor(text) == nil)
        }
    }

    @Test func `a publication counts on from the position before it`() throws {
        let drafts = EntryCodeTests.drafts
        let bytes = Array("k3v9 41-7\n".utf8) + drafts.flatMap { EntryCode.bytes(of: $0) }
        let publication = try #require(PublicationCode.publication(bytes))
        #expect(publication.epoch == Epoch("k3v9"))
        #expect(publication.previous == RoomCursor(seq: 41, rev: 7))
        #expect(publication.entries.map(\.cursor.seq) == [42, 43, 44, 45, 46, 47])
        #expect(publication.entries.allSatisfy { $0.cursor.rev == 7 })
        #expect(PublicationCode.publication(Array("k3v9 41-7\n".utf8))?.entries == [])
        #expect(PublicationCode.publication(Array("k3v9 41-7".utf8)) == nil)
        #expect(PublicationCode.publication(Array("K 1-1\n".utf8)) == nil)
        #expect(PublicationCode.publication(bytes.dropLast()) == nil)
    }

    @Test(arguments: [(0, "hubbub:"), (3, "hubbub:3:")])
    func `channels name the room and the database`(database: Int, prefix: String) {
        let channels = ShardChannels(database: database)
        #expect(channels.channel(of: .lobby) == "\(prefix)in:lobby")
        #expect(channels.room(of: "\(prefix)in:lobby") == .lobby)
        #expect(channels.room(of: "\(prefix)in:*") == .everywhere)
        #expect(channels.room(of: "\(prefix)news") == nil)
        #expect(channels.room(of: "\(prefix)in:") == nil)
        #expect(channels.room(of: "hubbub:7:in:lobby") == nil)
    }

    @Test func `a key belongs to a user in a room`() {
        let mine = SendKey.hash(of: .sample("a", key: "k"))
        #expect(mine?.count == 16)
        #expect(mine == SendKey.hash(of: .sample("another", key: "k")))
        let others = [
            Draft.sample("a", key: "l"), .sample("a", key: "k", username: "bob"),
            .sample("a", by: Author(user: "ann"), key: "k"),
            .sample("a", in: .everywhere, key: "k"),
        ]
        #expect(Set(others.map { SendKey.hash(of: $0) } + [mine]).count == 5)
        #expect(SendKey.hash(of: .sample("a")) == nil)
    }

    @Test func `errors are told without their place in a script`() throws {
        let error = RedisValue.error("OOM not allowed. script: 1a2b, on @user_script:45.")
        let run = NodeRun(try #require(NodeName("a")), number: 1)
        let epoch = Epoch(number: 1)
        #expect(
            try ReplyCode.reply(to: .open(.lobby), error) == .failed(reason: "OOM not allowed."))
        #expect(
            try ReplyCode.reply(to: .append(run, group: 1, .lobby, epoch, []), error)
                == .appended(.refused(reason: "OOM not allowed.")))
        #expect(throws: ShardFault.self) {
            try ReplyCode.reply(to: .open(.lobby), .error("NOSCRIPT No matching script."))
        }
        #expect(throws: ShardFault.self) { try ReplyCode.reply(to: .open(.lobby), .integer(3)) }
    }
}
