import Foundation
import Testing

@testable import Chat
@testable import ChatCluster

@Suite struct NodeNewsCodingTests {
    private static let run = NodeRun(NodeName("n-1")!, number: .max)
    private static let line = HeldLine(
        id: 9, ChangeCluster.draft("é", key: "k"), .term, isApproved: true)
    static let all: [NodeNews] = [
        .change(
            ChangeCluster.go,
            RoomChange(
                rev: 2, after: 7, time: Timestamp(milliseconds: 5), kind: .approved(held: 9))),
        .held([line], by: run),
        .said([HeldReply.Said(id: 9, seq: 3, time: Timestamp(milliseconds: 1))], by: run),
        .dropped([1, 2]),
        .notice(.revoked("{\"jti\":\"x\"}"), by: run),
        .notice(.disconnectedUser("u", reason: "r"), by: run),
        .notice(.disconnected(connection: "c", reason: ""), by: run),
    ]

    @Test(arguments: all)
    func `news are read as they were written`(news: NodeNews) throws {
        let data = try JSONEncoder().encode(news)
        #expect(try JSONDecoder().decode(NodeNews.self, from: data) == news)
    }

    @Test func `a shard gives the number of the line before a change`() throws {
        let text =
            #"{"room":"go","change":{"v":1,"rev":2,"after":0,"time":5,"kind":"past"},"after":8}"#
        let news = try JSONDecoder().decode(NodeNews.self, from: Data(text.utf8))
        guard case .change(_, let change) = news else {
            Issue.record("no change")
            return
        }
        #expect(change.after == 8)
    }

    @Test func `news that a newer node tells are nothing`() throws {
        let news = try JSONDecoder().decode(NodeNews.self, from: Data(#"{"song":1}"#.utf8))
        #expect(news == .dropped([]))
    }
}
