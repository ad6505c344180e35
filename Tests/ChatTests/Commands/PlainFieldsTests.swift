import TestSupport
import Testing

@testable import Chat

/// If a message takes the fast path, the result is that of the general one.
@Suite struct PlainFieldsTests {
    private static let texts = [
        "", "a", "ann", "hi", " ", "é", "日本語 🙂", "\u{7F}", "{}[],:", "12345678",
        "123456789012345", "1234567890123456", "12345678901234567", "a\u{2028}b",
        String(repeating: "x", count: 2_001),
    ]

    /// Compares both paths. Returns whether the fast one was taken.
    @discardableResult
    private func compare(_ bytes: [UInt8], _ comment: Comment? = nil) -> Bool {
        let scanned = Result { () throws(Refusal) in try PlainFields(scanning: bytes.span) }
        let read = Result { () throws(Refusal) in try PlainFields(bytes.span) }
        #expect(read == scanned, comment)
        guard let usual = PlainFields(usual: bytes.span) else { return false }
        #expect(.success(usual) == scanned, comment)
        return true
    }

    @Test(arguments: texts)
    func `a message as browsers write it takes the fast path`(name: String) {
        for text in Self.texts {
            #expect(compare(Array(#"{"username":"\#(name)","message":"\#(text)"}"#.utf8)))
        }
    }

    @Test(arguments: [
        #"{"username": "ann","message":"hi"}"#, #"{"username":"ann", "message":"hi"}"#,
        #"{"username":"ann","message":"hi"} "#, #" {"username":"ann","message":"hi"}"#,
        #"{"message":"hi","username":"ann"}"#, #"{"username":"ann","message":"hi","x":1}"#,
        #"{"username":"ann","message":"a","message":"b"}"#, #"{"username":"ann","message":"\n"}"#,
        #"{"username":"\u0061nn","message":"hi"}"#, #"{"username":"ann"}"#, "", "{", "[]", "{}",
        #"{"username":"ann","message":"hi"}}"#, #"{"username":"ann","message":1}"#,
        #"{"username":"a","message":"\ud83d\ude00"}"#, #"{"username":"a","message":"\ud83d"}"#,
        "{\"username\":\"a\nb\",\"message\":\"hi\"}",
        "{\"username\":\"ann\",\"message\":\"h\u{0}i\"}",
    ])
    func `other messages don't take the fast path`(text: String) {
        #expect(!compare(Array(text.utf8)))
    }

    @Test func `both paths agree on truncated and changed texts`() {
        let text = Array(#"{"username":"ann","message":"Hello, 世界"}"#.utf8)
        for end in text.indices { compare(Array(text[..<end])) }
        for place in text.indices {
            for byte in UInt8.min ... .max {
                var other = text
                other[place] = byte
                compare(other, "\(byte) at \(place)")
            }
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `both paths agree on damaged texts`(seed: UInt64) {
        var random = RandomJSON(generator: SplitMix64(seed: seed))
        for _ in 0..<200 {
            let text = #"{"username":\#(random.string()),"message":\#(random.string())}"#
            compare(Array(text.utf8), "seed \(seed): \(text)")
            compare(random.damaged(text), "seed \(seed)")
        }
    }
}
