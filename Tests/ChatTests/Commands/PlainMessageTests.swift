import Foundation
import TestSupport
import Testing

@testable import Chat

@Suite struct PlainMessageTests {
    private struct Decoded: Decodable {
        let username: String
        let message: String
    }

    private func parse(_ text: String) throws(Refusal) -> PlainMessage {
        try PlainMessage.parse(Array(text.utf8).span)
    }

    @Test(arguments: [
        (#"{"username":"ann","message":"hi"}"#, "ann", "hi"),
        (#" { "message" : "hi" , "username" : "ann" } "#, "ann", "hi"),
        (#"{"x":[{"message":1}],"username":"ann","y":{"username":2},"message":"hi"}"#, "ann", "hi"),
        (#"{"user\u006eame":"\u0061nn","\u006dessage":"\ud83d\ude00"}"#, "ann", "😀"),
        (#"{"username":"","message":""}"#, "", ""),
        (#"{"username":"a\u0000b","message":"\"\\\/\b\f\n\r\t"}"#, "a\0b", "\"\\/\u{8}\u{C}\n\r\t"),
        (#"{"username":"é","message":"e\u0301"}"#, "é", "e\u{301}"),
    ])
    func `messages are parsed`(text: String, username: String, message: String) throws {
        let parsed = try parse(text)
        #expect(Array(parsed.username.unicodeScalars) == Array(username.unicodeScalars))
        #expect(Array(parsed.message.unicodeScalars) == Array(message.unicodeScalars))
    }

    /// RFC 8259 section 4 leaves this open. JavaScript's `JSON.parse` does the same.
    @Test func `the last of duplicate keys counts`() throws {
        let parsed = try parse(#"{"username":1,"message":"a","username":"ann","message":"b"}"#)
        #expect(parsed == PlainMessage(username: "ann", message: "b"))
        #expect(throws: Refusal.wrongType(of: "message", .literal)) {
            try parse(#"{"username":"ann","message":"a","message":null}"#)
        }
    }

    @Test(arguments: [
        ("[]", "A command must be a JSON object, not an array."),
        ("\"a\"", "A command must be a JSON object, not a string."),
        ("1", "A command must be a JSON object, not a number."),
        ("null", "A command must be a JSON object, not true, false or null."),
        ("{}", "The field \"username\" is missing: add it."),
        (#"{"message":"a"}"#, "The field \"username\" is missing: add it."),
        (#"{"username":"a"}"#, "The field \"message\" is missing: add it."),
        (#"{"username":"a","Message":"b"}"#, "The field \"message\" is missing: add it."),
        (
            #"{"username":5,"message":"a"}"#,
            "The field \"username\" must be a string, not a number."
        ),
        (
            #"{"username":"a","message":{"message":"b"}}"#,
            "The field \"message\" must be a string, not an object."
        ),
        (
            #"{"username":"a","message":["b"]}"#,
            "The field \"message\" must be a string, not an array."
        ),
    ])
    func `a refusal names the wrong field`(text: String, reason: String) {
        #expect(throws: Refusal(.invalidCommand, reason)) { try parse(text) }
    }

    @Test(arguments: ["[", #"{"username":1"#, #"{"username":1,"message":"\ud800"}"#, "5 5", "{}x"])
    func `broken JSON is reported before other faults`(text: String) {
        let refusal = #expect(throws: Refusal.self) { try parse(text) }
        #expect(refusal?.code == .invalidJSON)
    }

    @Test(arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x5C, 0x6E, 0xFF]])
    func `text that isn't UTF-8 is refused`(bytes: [UInt8]) {
        let text = Array(#"{"username":"a","message":""#.utf8) + bytes + Array("\"}".utf8)
        let refusal = #expect(throws: Refusal.self) { try PlainMessage.parse(text.span) }
        #expect(refusal?.code == .invalidJSON)
    }

    @Test func `every truncation of a message is refused`() {
        let text = Array(
            #"{"a":[1,{}],"username":"\u00e9\ud83d\ude00","message":"long enough"}"#.utf8)
        for end in text.indices {
            let refusal = #expect(throws: Refusal.self) {
                try PlainMessage.parse(text.span.extracting(..<end))
            }
            #expect(refusal?.code == .invalidJSON)
        }
    }

    /// Duplicate keys are left out: Foundation keeps the first, Hubbub the last.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `parsing agrees with Foundation`(seed: UInt64) throws {
        var random = RandomJSON(generator: SplitMix64(seed: seed))
        for _ in 0..<100 {
            let text = random.object([
                ("\"x\"", random.value()), ("\"username\"", random.string()),
                ("\"y\"", random.value()), (#""mess\u0061ge""#, random.string()),
            ])
            let expected = try JSONDecoder().decode(Decoded.self, from: Data(text.utf8))
            let parsed = try parse(text)
            #expect(
                Array(parsed.username.utf8) == Array(expected.username.utf8),
                "seed \(seed): \(text)")
            #expect(
                Array(parsed.message.utf8) == Array(expected.message.utf8), "seed \(seed): \(text)")
        }
    }
}
