import Foundation
import Testing

@testable import Chat

@Suite struct PurgingTests {
    @Test(arguments: [
        ("gold", "buy GOLD now", true), ("gold", "gold", true), ("gold", "golden", false),
        ("gold", "marigold", false), ("gold", "golden gold!", true), ("ÄRGER", "ärger", true),
        ("a b", "x a b.", true), ("a b", "xa b", false), ("://", "http://x", true),
        ("5", "15", false), ("gold", "", false),
    ])
    func `a word is found as a whole`(word: String, text: String, isFound: Bool) {
        #expect(WordSearch(word).isIn(text) == isFound)
    }

    @Test func `numbers become runs and back`() {
        let runs = SeqRuns([1, 2, 3, 7, 9, 10])
        #expect(runs.runs == [1...3, 7...7, 9...10])
        #expect(runs.text == "1-3 7-7 9-10")
        #expect(SeqRuns(runs.text, limit: 6) == runs)
        #expect(SeqRuns(runs.text, limit: 5) == nil)
        #expect(SeqRuns("", limit: 5) == SeqRuns([]))
        for text in ["1", "2-1", "a-b", "1-2-3", "1-99999999999"] {
            #expect(SeqRuns(text, limit: 100) == nil)
        }
    }

    @Test func `events about purged lines are short and complete`() throws {
        // Every second line, with the longest numbers and names.
        let first: UInt64 = 9_007_199_254_700_000
        let seqs = (0..<2_000).map { first + $0 * 2 }
        let room = try #require(RoomName(String(repeating: "r", count: 64)))
        let events = EventWriter.purged(
            room: room, rev: first, user: String(repeating: "u", count: 128), seqs: seqs)
        var told: [UInt64] = []
        for event in events {
            #expect(event.count <= 4_096)
            let read = try #require(
                JSONSerialization.jsonObject(with: Data(event)) as? [String: Any])
            let runs = try #require(read["seqs"] as? [[UInt64]])
            told += runs.flatMap { Array($0[0]...$0[1]) }
            #expect(read["count"] as? Int == runs.count)
            #expect(read["rev"] as? UInt64 == first)
        }
        #expect(told == seqs)
    }
}
