import Chat
import Testing
import WebSocket

@testable import ChatServer

@Suite struct EventEncoderTests {
    private static func line(_ seq: UInt64) -> [UInt8] {
        var event: [UInt8] = []
        EventWriter.line(
            room: .lobby, seq: seq, time: Timestamp(milliseconds: 1), username: "ann",
            message: "\(seq)\n\nid: x", into: &event)
        return event
    }

    private static func encoded(_ seqs: [UInt64], deleted: Set<UInt64> = []) throws -> [UInt8] {
        var frames: [UInt8] = []
        for seq in seqs {
            var event = line(seq)
            if deleted.contains(seq) {
                event = []
                EventWriter.mark(room: .lobby, seq: seq, into: &event)
            }
            FrameEncoder.append(.text, event.span, to: &frames)
        }
        let encoder = EventEncoder(room: .lobby, epoch: try #require(Epoch("k")))
        return encoder.events(of: frames.span) { $0 / 2 }
    }

    private static func ids(_ text: [UInt8]) -> [String] {
        String(decoding: text, as: UTF8.self).split(separator: "\n")
            .filter { $0.hasPrefix("id: ") }.map { "\($0.dropFirst(4))" }
    }

    @Test func `each line has its place, and what follows a place is the rest`() throws {
        let text = try Self.encoded([1, 2, 3, 4], deleted: [3])
        #expect(
            Self.ids(text) == ["lobby=k.1.0", "lobby=k.2.1", "lobby=k.3.1", "lobby=k.4.2"])
        let encoder = EventEncoder(room: .lobby, epoch: try #require(Epoch("k")))
        #expect(encoder.rest(of: text, from: 0).text == text)
        #expect(encoder.rest(of: text, from: 0).lines == 3)
        let rest = encoder.rest(of: text, from: 3, others: Array(",b=k.9.9".utf8))
        #expect(Self.ids(rest.text) == ["lobby=k.3.1,b=k.9.9", "lobby=k.4.2,b=k.9.9"])
        #expect(rest.lines == 1)
        #expect(encoder.rest(of: text, from: 5).text.isEmpty)
    }

    @Test func `a line is cut from events at every place of those that are half sent`() throws {
        let events = try [1, 2, 3].map { try Self.encoded([$0]) }
        let text = events.flatMap(\.self)
        for marks in [false, true] {
            let cut = LineCut([2, 3], of: .lobby, marks: marks, inflater: nil)
            for offset in 0..<text.count {
                let rest = cut.rest(of: text, from: offset)
                var (expected, start, count) = ([UInt8](), 0, 0)
                for (number, event) in zip(1..., events) {
                    defer { start += event.count }
                    guard start + event.count > offset else { continue }
                    if start < offset {
                        expected += event
                        #expect(rest.offset == offset - start)
                    } else if number == 1 {
                        expected += event
                    } else {
                        count += 1
                        let mark = try Self.encoded([UInt64(number)], deleted: [UInt64(number)])
                        if marks { expected += mark }
                    }
                }
                #expect(rest.bytes == expected)
                #expect(rest.cut == count)
            }
        }
    }
}
