import Foundation
import Testing

@testable import Chat

@Suite struct EventWriterTests {
    private struct Line: Decodable {
        let type, room, time, username, message: String
        let seq: UInt64
    }

    private func line(
        room: RoomName = .lobby, seq: UInt64 = 42, username: String = "ann", message: String = "hi"
    ) -> [UInt8] {
        var buffer: [UInt8] = []
        EventWriter.line(
            room: room, seq: seq, time: Timestamp(milliseconds: 1_769_860_800_123),
            username: username, message: message, into: &buffer)
        return buffer
    }

    private func error(_ refusal: Refusal, id: String? = nil) -> String {
        var buffer: [UInt8] = []
        EventWriter.error(refusal, id: id, into: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    @Test func `a line is written`() {
        #expect(
            String(decoding: line(), as: UTF8.self) == #"{"type":"message","room":"lobby","#
                + #""seq":42,"time":"2026-01-31T12:00:00.123Z","username":"ann","message":"hi"}"#)
    }

    @Test(
        arguments: [
            (Author(user: "u1"), #""user":"u1","#),
            (Author(user: "u\"\n", badge: .moderator), #""user":"u\"\n","role":"moderator","#),
            (Author(badge: .system), #""role":"system","#),
        ])
    func `a line shows its author`(author: Author, fields: String) {
        var buffer: [UInt8] = []
        EventWriter.line(
            room: .lobby, seq: 42, time: Timestamp(milliseconds: 0), username: "a\"",
            message: "hi", by: author, into: &buffer)
        let text = String(decoding: buffer, as: UTF8.self)
        #expect(text.hasSuffix(#","username":"a\"",\#(fields)"message":"hi"}"#))
    }

    @Test func `a new epoch has the place where a member goes on`() {
        var buffer: [UInt8] = []
        EventWriter.epoch(room: .lobby, epoch: Epoch(number: 40), seq: 120, into: &buffer)
        let text = String(decoding: buffer, as: UTF8.self)
        #expect(text == #"{"type":"epoch","room":"lobby","epoch":"14","seq":120}"#)
    }

    @Test func `an error says if the line may be stored`() {
        #expect(
            error(.storeUncertain(after: 1_000), id: "7") == #"{"type":"error","id":"7","#
                + #""code":"store_unavailable","reason":"It isn't known whether the line is "#
                + #"stored; send it again with the same id in 1000 ms.","retry_after_ms":1000,"#
                + #""unknown":true}"#)
        #expect(!error(.storeUnavailable(retryAfter: 1_000)).contains("unknown"))
    }

    @Test func `an error has the number of its command if that has no id`() {
        var buffer: [UInt8] = []
        EventWriter.error(.usernameEmpty, id: nil, frame: 4_294_967_295, into: &buffer)
        #expect(String(decoding: buffer, as: UTF8.self).hasSuffix(#","frame":4294967295}"#))
        #expect(!error(.usernameEmpty, id: "a").contains("frame"))
    }

    @Test func `events are appended to the buffer`() {
        var buffer = Array("before".utf8)
        EventWriter.error(.usernameEmpty, id: nil, into: &buffer)
        #expect(buffer.starts(with: Array("before{".utf8)))
    }

    @Test func `the longest head fits`() throws {
        let room = try #require(RoomName(String(repeating: "r", count: RoomName.lengthLimit)))
        let bytes = line(room: room, seq: .max, username: "", message: "")
        let decoded = try JSONDecoder().decode(Line.self, from: Data(bytes))
        #expect(decoded.seq == .max)
        #expect(decoded.room == room.text)
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345, UInt64(UInt32.max), .max - 1, .max])
    func `numbers are written`(seq: UInt64) {
        let text = String(decoding: line(seq: seq), as: UTF8.self)
        #expect(text.contains("\"seq\":\(seq),"))
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, UInt64(UInt32.max), .max - 1, .max])
    func `a plain line has its computed length`(seq: UInt64) throws {
        for room in [RoomName.lobby, try #require(RoomName(String(repeating: "r", count: 64)))] {
            for (name, text) in [
                ("ann", "hi"), ("é", "日本語 🙂"), ("a", String(repeating: "x", count: 999)),
            ] {
                let length = EventWriter.plainLineLength(
                    room: room, seq: seq, username: name.utf8.span, message: text.utf8.span)
                #expect(line(room: room, seq: seq, username: name, message: text).count == length)
            }
        }
    }

    @Test func `a text is plain if nothing in it needs an escape`() {
        for text in ["", "ann", "日本語 🙂", "\u{7F}", String(repeating: "x", count: 999)] {
            let isPlain = EventWriter.isPlain(text.utf8.span)
            #expect(isPlain)
        }
        for text in ["\"", "a\\", "\n", "12345678\u{1F}"] {
            let isPlain = EventWriter.isPlain(text.utf8.span)
            #expect(!isPlain)
        }
    }

    @Test func `only the necessary characters are escaped`() {
        let bytes = line(
            username: "\"\\/", message: "\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F} \u{7F}é\u{2028}😀")
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains(#""username":"\"\\/","#))
        #expect(
            text.hasSuffix(
                #""message":"\u0000\b\t\n\u000b\f\r\u001f "# + "\u{7F}é\u{2028}😀\"}"))
    }

    @Test func `Foundation reads back every scalar`() throws {
        let sample =
            Array(0..<0x300) + [0x2028, 0x2029, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000]
            + [0x1F600, 0x10FFFF] + Array(stride(from: 0x300, to: 0x110000, by: 997))
        for scalar in sample.compactMap({ Unicode.Scalar(UInt32($0)) }) {
            let texts = (String(scalar), "long enough for a word \(scalar) and on")
            let bytes = line(username: texts.0, message: texts.1)
            let decoded = try JSONDecoder().decode(Line.self, from: Data(bytes))
            #expect(Array(decoded.username.unicodeScalars) == [scalar])
            #expect(decoded.message.unicodeScalars.elementsEqual(texts.1.unicodeScalars))
        }
    }

    @Test func `our own scanner reads the event back`() throws {
        let message = String(String.UnicodeScalarView((0..<0x500).compactMap(Unicode.Scalar.init)))
        let parsed = try PlainMessage.parse(line(message: message).span)
        #expect(parsed == PlainMessage(username: "ann", message: message))
    }

    @Test func `absent fields are left out`() {
        #expect(
            error(Refusal(.messageEmpty, "Say \"hi\".")) == #"{"type":"error","#
                + #""code":"message_empty","reason":"Say \"hi\"."}"#)
        #expect(
            error(.rateLimited(linesPerSecond: 5, retryAfter: 200), id: "a\n")
                == #"{"type":"error","#
                + #""id":"a\n","code":"rate_limited","reason":"At most 5 lines a second; "#
                + #"try again in 200 ms.","retry_after_ms":200}"#)
        #expect(
            error(.storeUncertain(after: 200), id: "a")
                == #"{"type":"error","id":"a","code":"store_unavailable","reason":"It isn't "#
                + #"known whether the line is stored; send it again with the same id in 200 ms.","#
                + #""retry_after_ms":200,"unknown":true}"#)
    }

    @Test(arguments: Refusal.Code.allCases)
    func `an error with any code is valid JSON`(code: Refusal.Code) throws {
        let text = error(Refusal(code, "\u{1}\\"), id: "\"")
        let fields = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
        #expect(
            fields == ["type": "error", "id": "\"", "code": code.rawValue, "reason": "\u{1}\\"])
    }
}
