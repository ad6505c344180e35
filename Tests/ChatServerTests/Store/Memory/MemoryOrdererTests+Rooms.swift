import Chat
import Dispatch
import Testing

/// The state of a room after lines are deleted, and what can be read of it.
extension MemoryOrdererTests {
    @Test func `a deleted line leaves its number`() {
        var (ann, bob) = (follower(), follower())
        for number in 1...5 { ann.say(draft("\(number)", key: "\(number)")) }
        settle(&ann)
        orderer.delete(seqs: [3, 2, 9, 0], in: .lobby)
        orderer.delete(seqs: [2], in: .lobby)
        ann.say(draft("6"))
        orderer.drain()
        orderer.delete(seqs: [1], in: .lobby)
        let changes = [
            RoomChange(
                rev: 1, after: 5, time: Timestamp(milliseconds: 0), kind: .deleted(seqs: [3, 2])),
            RoomChange(
                rev: 2, after: 6, time: Timestamp(milliseconds: 0), kind: .deleted(seqs: [1])),
        ]
        settle(&ann)
        settle(&bob)
        for follower in [ann, bob] {
            #expect(follower.streams[.lobby]?.changes == changes)
            #expect(follower.streams[.lobby]?.texts == ["4", "5", "6"])
            #expect(follower.violations == [])
        }
        let late = orderer.makeFollower()
        late.submit(.follow(.lobby))
        late.submit(.read(.lobby, from: 1, through: 4))
        late.submit(.read(.lobby, from: 2, through: 3))
        late.submit(append((0, draft("2", key: "2"))))
        let four = Line(
            seq: 4, time: Timestamp(milliseconds: 7), username: "ann", message: "4")
        #expect(
            replies(late).dropFirst() == [
                .following(
                    .lobby,
                    RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 6, lastRev: 2, oldest: 4)),
                .read(.lobby, from: 1, RoomPage(lines: [four], through: 4, oldest: 4)),
                .read(.lobby, from: 2, RoomPage(lines: [], through: 3, oldest: 4)),
                .answered([already(2)]),
            ])
    }

    @Test func `pages have limits`() {
        let follower = orderer.makeFollower()
        let long = String(repeating: "x", count: RoomPage.byteLimit / 2)
        for id in 0..<300 as Range<UInt64> {
            follower.submit(append((id, draft(id < 290 ? "x" : long))))
        }
        _ = replies(follower)
        func page(_ from: UInt64, _ through: UInt64) -> [UInt64] {
            follower.submit(.read(.lobby, from: from, through: through))
            guard case .read(_, _, let page)? = replies(follower).first else { return [] }
            return [page.lines.first?.seq, page.lines.last?.seq, page.through].compactMap(\.self)
        }
        #expect(page(1, .max) == [1, 256, 256])
        #expect(page(257, .max) == [257, 292, 292])
        #expect(page(299, .max) == [299, 300, 300])
        #expect(page(0, 3) == [1, 3, 3])
        #expect(page(301, .max) == [300])
        #expect(page(.max, .max) == [300])
        #expect(page(6, 5) == [5])
    }
}
