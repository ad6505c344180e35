import Testing

@testable import Chat

@Suite struct LineEventTests {
    private static let other = RoomName("go") ?? .lobby

    private static func line(
        _ seq: UInt64, in room: RoomName = .lobby, username: String = "ann", message: String = "hi"
    ) -> [UInt8] {
        var event: [UInt8] = []
        EventWriter.line(
            room: room, seq: seq, time: Timestamp(milliseconds: 0), username: username,
            message: message, into: &event)
        return event
    }

    private static func event(_ write: (inout [UInt8]) -> Void) -> [UInt8] {
        var event: [UInt8] = []
        write(&event)
        return event
    }

    @Test(arguments: [0, 1, 9, 10, 4_711, UInt64(UInt32.max), .max - 1, .max])
    func `the number of a line is read from its event`(seq: UInt64) {
        let event = LineEvent(room: .lobby)
        #expect(event.seq(in: Self.line(seq).span) == seq)
        #expect(event.seq(in: Self.line(seq, username: "\"", message: "\n").span) == seq)
    }

    @Test func `every room name is accepted`() throws {
        for text in ["a", String(repeating: "r", count: RoomName.lengthLimit), "a.b_c-9"] {
            let room = try #require(RoomName(text))
            #expect(LineEvent(room: room).seq(in: Self.line(7, in: room).span) == 7)
        }
    }

    @Test func `a line of another room isn't found`() throws {
        let event = LineEvent(room: Self.other)
        #expect(event.seq(in: Self.line(7).span) == nil)
        // Names with the same beginning.
        for text in ["g", "goo", "go.", "g0"] {
            let room = try #require(RoomName(text))
            #expect(event.seq(in: Self.line(7, in: room).span) == nil)
        }
        #expect(event.seq(in: Self.line(7, in: Self.other).span) == 7)
    }

    @Test func `other events aren't lines`() {
        let event = LineEvent(room: .lobby)
        let others = [
            Self.event {
                EventWriter.gap(room: .lobby, from: 1, to: 2, missed: 2, into: &$0)
            },
            Self.event {
                EventWriter.presence(
                    room: .lobby, Presence(number: 1, count: 1), into: &$0)
            },
            Self.event {
                EventWriter.ack(
                    id: nil, room: .lobby, seq: 7, time: Timestamp(milliseconds: 0), into: &$0)
            },
            [],
        ]
        for bytes in others { #expect(event.seq(in: bytes.span) == nil) }
    }

    @Test func `a line is found only where it begins`() {
        let event = LineEvent(room: .lobby)
        let bytes = Array("before".utf8) + Self.line(42)
        let found = bytes.indices.filter { event.seq(in: bytes.span, at: $0) != nil }
        #expect(found == [6])
        #expect(event.seq(in: bytes.span, at: 6) == 42)
    }

    @Test func `no text looks like the beginning of a line`() {
        let event = LineEvent(room: .lobby)
        let text = String(decoding: Self.line(666), as: UTF8.self)
        for bytes in [Self.line(7, username: text), Self.line(7, message: text)] {
            let found = bytes.indices.filter { event.seq(in: bytes.span, at: $0) != nil }
            #expect(found == [0])
        }
    }

    @Test func `an event truncated in its head isn't a line`() {
        let event = LineEvent(room: .lobby)
        let bytes = Self.line(7)
        let head = #"{"type":"message","room":"lobby","seq":"#.utf8.count
        for count in 0...head { #expect(event.seq(in: bytes.span.extracting(..<count)) == nil) }
        #expect(event.seq(in: bytes.span.extracting(...head)) == 7)
    }
}
