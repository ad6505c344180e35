import Chat
import Testing

@testable import ChatCluster

@Suite struct ReplyMailboxTests {
    private static let lines: [RoomEntry] = (1...1_000).map {
        .line(
            Line(
                seq: $0, time: Timestamp(milliseconds: 0), username: "a", message: "b"))
    }

    @Test func `a room lags when too many entries wait`() throws {
        let mailbox = ReplyMailbox {}
        let other = try #require(RoomName("other"))
        for _ in 0..<65 { #expect(mailbox.add([.entries(.lobby, Self.lines)]) == []) }
        let lagging = mailbox.add([
            .entries(other, Self.lines), .entries(other, Self.lines), .recovered,
        ])
        #expect(lagging == [other])
        var replies: [OrdererReply] = []
        mailbox.take(into: &replies)
        #expect(replies.count == 67)
        #expect(replies[65...] == [.lagging(other), .recovered])
        #expect(mailbox.add([.entries(other, Self.lines)]) == [])
    }

    /// The server learns from no other reply who is banned.
    @Test func `changes are not left out`() {
        let mailbox = ReplyMailbox(limit: 2) {}
        let change = RoomEntry.change(
            RoomChange(
                rev: 1, after: 3, time: Timestamp(milliseconds: 0), kind: .unbanned([])))
        let entries = Self.lines[..<3] + [change]
        let lagging = mailbox.add([
            .entries(.lobby, Array(entries)), .entries(.lobby, [Self.lines[3]]),
            .entries(.lobby, [change]),
        ])
        #expect(lagging == [.lobby])
        var replies: [OrdererReply] = []
        mailbox.take(into: &replies)
        let told = OrdererReply.entries(.lobby, [change])
        #expect(replies == [.lagging(.lobby), told, told])
    }
}
