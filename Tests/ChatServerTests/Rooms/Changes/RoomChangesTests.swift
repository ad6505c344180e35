import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct RoomChangesTests {
    private static let start = Timestamp(milliseconds: 0)

    private static func change(
        _ rev: UInt64, after: UInt64 = 9, _ kind: RoomChange.Kind
    ) -> RoomChange {
        RoomChange(rev: rev, after: after, time: start, kind: kind)
    }

    @Test func `a line that is taken again stays gone when its first change is dropped`() {
        var changes = RoomChanges()
        var back = Restoration(of: 1)
        back.seqs = [7]
        changes.append(Self.change(1, .deleted(seqs: [7])), [])
        changes.append(Self.change(2, .restored(back)), [])
        #expect(!changes.hasTaken(7))
        changes.append(Self.change(3, .deleted(seqs: [7])), [])
        let last = UInt64(RoomChanges.limit) + 1
        for rev in 4...last { changes.append(Self.change(rev, .past), []) }
        #expect(changes.keptRev == 1 && changes.hasTaken(7))
        for rev in last + 1...last + 2 { changes.append(Self.change(rev, .past), []) }
        #expect(changes.keptRev == 3 && !changes.hasTaken(7))
    }

    @Test func `a change of several events comes again, because one may be missing`() {
        var changes = RoomChanges()
        changes.append(Self.change(1, .deleted(seqs: [1])), [[1]])
        changes.append(Self.change(2, .purged(user: nil)), [[2], [3]])
        changes.append(Self.change(3, .past), [])
        #expect((0...4).map { changes.known(by: $0) } == [0, 1, 1, 3, 4])
        #expect(changes.next(after: changes.known(by: 2), upTo: 9)?.events == [[2], [3]])
    }

    @Test func `a page ends before a change`() {
        var parts = Parts(isStored: true)
        let room =
            parts.hub.following(
                .lobby, RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 10, oldest: 1)
            ).room
        parts.streams.appeared(room)
        parts.streams[room].changes.append(Self.change(1, after: 7, .past), [])
        let lines = (5...10).map { seq in
            Line(seq: seq, time: Self.start, username: "ann", message: "hi")
        }
        // It was asked for before the change came, or by somebody who wants more.
        let page = RoomPage(lines: lines, through: 10, oldest: 1)
        let cut = parts.streams.cut(page, from: 5, of: room, parts.hub)
        #expect(cut.through == 7 && cut.lines.map(\.seq) == [5, 6, 7])
        #expect(parts.streams.cut(page, from: 8, of: room, parts.hub) == page)
        #expect(parts.streams.pageEnd(from: 8, of: room, parts.hub) == 10)
    }

    @Test func `the last change tells whether those of another epoch are the same`() {
        func snapshot(_ changes: [RoomChange]) -> RoomSnapshot {
            RoomSnapshot(epoch: Epoch(number: 2), lastSeq: 10, oldest: 1).with(
                lastRev: changes.last?.rev ?? 2, changes: changes)
        }
        var changes = RoomChanges()
        #expect(changes.areKnown(to: snapshot([Self.change(1, .past)])))
        let known = [Self.change(1, .deleted(seqs: [1])), Self.change(2, .deleted(seqs: [7]))]
        for change in known { changes.append(change, []) }
        #expect(changes.areKnown(to: snapshot(known)))
        #expect(changes.areKnown(to: snapshot(known + [Self.change(3, .past)])))
        #expect(!changes.areKnown(to: snapshot([])))
        #expect(!changes.areKnown(to: snapshot([known[0]])))
        #expect(!changes.areKnown(to: snapshot([known[0], Self.change(2, .past)])))
        #expect(!changes.areKnown(to: snapshot([Self.change(2, after: 8, known[1].kind)])))
    }
}
