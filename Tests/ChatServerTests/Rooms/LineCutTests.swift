import Chat
import Testing
import WebSocket

@testable import ChatServer

@Suite struct LineCutTests {
    private static let room = RoomName.lobby

    private static func event(_ seq: UInt64, in room: RoomName = room) -> [UInt8] {
        var event: [UInt8] = []
        // A text that looks like an event, and like the end of one.
        let text =
            #"{"type":"message","room":"lobby","seq":2} \ "# + String(repeating: "x", count: 300)
        EventWriter.line(
            room: room, seq: seq, time: Timestamp(milliseconds: 1), username: "ann",
            message: "\(seq) \(text)", into: &event)
        return event
    }

    /// Frames of events, compressed or not.
    private static func frames(_ events: [[UInt8]], isDeflated: Bool) throws -> [[UInt8]] {
        let deflater = try #require(Deflater(windowBits: 15, keepsContext: false))
        return events.map { event in
            var frame: [UInt8] = []
            guard isDeflated else {
                FrameEncoder.append(.text, event.span, to: &frame)
                return frame
            }
            var packed: [UInt8] = []
            deflater.deflate(event.span, into: &packed)
            FrameEncoder.append(.text, packed.span, rsv1: true, to: &frame)
            return frame
        }
    }

    @Test(arguments: [false, true])
    func `the rest of half sent frames has no deleted line`(isDeflated: Bool) throws {
        let presence = Array(#"{"type":"presence","room":"lobby","count":2}"#.utf8)
        let other = try #require(RoomName("other"))
        let events = [
            Self.event(1), Self.event(2), presence, Self.event(2, in: other), Self.event(5),
            Self.event(20),
        ]
        let frames = try Self.frames(events, isDeflated: isDeflated)
        let inflater = try #require(Inflater(keepsContext: false))
        let whole = frames.flatMap(\.self)
        for cut: [UInt64] in [[1], [2], [20], [1, 2], [2, 5, 20], [1, 2, 5, 20], [3], []] {
            let lines = LineCut(cut, of: Self.room, inflater: inflater)
            // Line 2 of the other room stays.
            let isCut = [1, 2, 0, 0, 5, 20].map { cut.contains($0) }
            for offset in 0..<whole.count {
                let rest = lines.rest(of: whole, from: offset)
                var (expected, start, inFlight, count) = ([UInt8](), 0, 0, 0)
                for (frame, isCut) in zip(frames, isCut) {
                    let end = start + frame.count
                    if start < offset, offset < end {
                        inFlight = offset - start
                        expected += frame
                    } else if offset <= start {
                        if isCut { count += 1 } else { expected += frame }
                    }
                    start = end
                }
                let wanted = LineCut.Rest(bytes: expected, offset: inFlight, cut: count)
                #expect(rest == wanted, "cut \(cut) from \(offset)")
            }
        }
    }

    @Test(arguments: [[1], [2], [3], [1, 2], [2, 3], [1, 3], [1, 2, 3], [4]] as [[UInt64]])
    func `an answer to history loses deleted lines and stays an answer`(cut: [UInt64]) {
        func answer(_ seqs: [UInt64]) -> [UInt8] {
            var event: [UInt8] = []
            EventWriter.history(
                id: "h", room: Self.room, lines: seqs.map { Self.event($0) }[...], more: true,
                into: &event)
            var frame: [UInt8] = []
            FrameEncoder.append(.text, event.span, to: &frame)
            return frame
        }
        let lines = LineCut(cut, of: Self.room, inflater: nil)
        let left = [1, 2, 3].filter { !cut.contains($0) }
        let rest = lines.rest(of: answer([1, 2, 3]))
        #expect(rest == LineCut.Rest(bytes: answer(left), cut: 3 - left.count))
    }
}
