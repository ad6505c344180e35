import Chat
import Testing
import WebSocket

@testable import ChatServer

@Suite struct FramesTests {
    /// A part of a batch: a line of the lobby, a line of another room, or another event.
    enum Part: Sendable {
        case line(UInt64)
        case foreignLine(UInt64)
        case gap
        case longLine(UInt64)
        case huge(UInt64)

        var event: [UInt8] {
            var event: [UInt8] = []
            switch self {
            case .line(let seq): Self.write(seq, .lobby, "hi", into: &event)
            case .foreignLine(let seq):
                Self.write(seq, RoomName("other") ?? .lobby, "hi", into: &event)
            case .gap: EventWriter.gap(room: .lobby, from: 4, to: 5, missed: 2, into: &event)
            case .longLine(let seq):
                Self.write(seq, .lobby, String(repeating: "x", count: 500), into: &event)
            case .huge(let seq):
                Self.write(seq, .lobby, String(repeating: "x", count: 70_000), into: &event)
            }
            return event
        }

        private static func write(
            _ seq: UInt64, _ room: RoomName, _ text: String, into event: inout [UInt8]
        ) {
            EventWriter.line(
                room: room, seq: seq, time: Timestamp(milliseconds: 0), username: "ann",
                message: text, into: &event)
        }
    }

    private static func frames(_ parts: [Part]) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in parts { FrameEncoder.append(.text, part.event.span, to: &bytes) }
        return bytes
    }

    /// Numbers with gaps, a line of another room, and events that aren't lines.
    private static let batch: [Part] = [
        .gap, .line(3), .foreignLine(4), .longLine(6), .huge(7), .gap, .line(10),
    ]

    @Test func `the lines of a room are found, whatever stands between them`() {
        var (seqs, events): ([UInt64], [[UInt8]]) = ([], [])
        Frames.forEachLine(in: Self.frames(Self.batch).span, room: .lobby) { seq, event in
            seqs.append(seq)
            var copy: [UInt8] = []
            copy.append(event)
            events.append(copy)
        }
        #expect(seqs == [3, 6, 7, 10])
        #expect(events == [1, 3, 4, 6].map { Self.batch[$0].event })
    }

    @Test(
        arguments: [
            (0, 1, 0), (3, 1, 0), (4, 3, 1), (6, 3, 1), (7, 4, 2), (8, 6, 3), (10, 6, 3),
            (11, 7, 4), (.max, 7, 4),
        ] as [(UInt64, Int, Int)])
    func `frames are counted up to the first line from a number on`(
        seq: UInt64, frames: Int, lines: Int
    ) {
        let count = Frames.count(before: seq, in: Self.frames(Self.batch), room: .lobby)
        #expect((count.frames, count.lines) == (frames, lines))
    }

    @Test(arguments: 0...8)
    func `the first frames are dropped, whatever their lengths`(count: Int) {
        let rest = Frames.dropFirst(count, of: Self.frames(Self.batch))
        #expect(Array(rest) == Self.frames(Array(Self.batch.dropFirst(count))))
    }

    @Test func `a batch without frames is empty`() {
        Frames.forEachLine(in: [UInt8]().span, room: .lobby) { seq, _ in
            Issue.record("line \(seq) was found")
        }
        #expect(Frames.count(before: 9, in: [], room: .lobby).frames == 0)
        #expect(Frames.dropFirst(3, of: []).isEmpty)
    }

    @Test func `tombstones are frames before a line, and no lines`() {
        var frames: [UInt8] = []
        for seq in 1...2 as ClosedRange<UInt64> {
            var event: [UInt8] = []
            EventWriter.mark(room: .lobby, seq: seq, into: &event)
            FrameEncoder.append(.text, event.span, to: &frames)
        }
        let (count, lines) = Frames.count(before: 3, in: frames, room: .lobby)
        #expect((count, lines) == (2, 0))
    }
}
