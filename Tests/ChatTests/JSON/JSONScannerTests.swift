import Foundation
import TestSupport
import Testing

@testable import Chat

@Suite struct JSONScannerTests {
    /// The fault in a text, or nil.
    private func check(_ bytes: [UInt8]) -> Refusal? {
        var scanner = JSONScanner()
        do {
            try scanner.skipValue(in: bytes.span)
            try scanner.finish(in: bytes.span)
            return nil
        } catch {
            return error
        }
    }

    private func foundationAccepts(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    private static let valid = [
        "{}", "[]", " {} ", "[[]]", #"{"":0}"#, #"{"a":{"b":[1,{"c":null}]}}"#, "[1,2 , 3]",
        "\t\r\n [ ] \n", "0", "-0", "-1", "10", "1.5", "1e5", "1E5", "1e+5", "1e-5", "0.0e0",
        "[123.456e78]", "true", "false", "null", #""""#, #""a""#, #""\"\\\/\b\f\n\r\t""#,
        #""\u0000""#, #""\u0041""#, #""\uABCD\uabcd""#, #""\uD834\uDD1E""#, #""\udbff\udfff""#,
        "\"\u{7F}\"", "\"\u{2028}\"", "\"😀\"", #"{"a":1,"a":2}"#, "[[[[[[[[[[]]]]]]]]]]",
        #"[[],{},[{}],{"a":[]},"]}"]"#, #"{"a\u0000b":1}"#, #"["\\u12"]"#,
    ]

    @Test(arguments: valid)
    func `valid JSON is accepted`(text: String) {
        #expect(check(Array(text.utf8)) == nil)
        #expect(foundationAccepts(Array(text.utf8)))
    }

    @Test(arguments: valid)
    func `every truncation is refused`(text: String) {
        let bytes = Array(text.utf8)
        let complete = (0..<bytes.count).filter { check(Array(bytes[..<$0])) == nil }
        // A text is complete early only if white space or more digits may follow.
        let allowed = complete.filter { foundationAccepts(Array(bytes[..<$0])) }
        #expect(complete == allowed)
        if bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "\"") {
            #expect(complete.isEmpty)
        }
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "[1", "[1,", "[,1]", "[1,]", "[1,,2]", "[1 2]", "[1]]", "[}",
        "{]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\" 1}", "{\"a\",1}", "{a:1}",
        "{'a':1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"a\"::1}", "{\"a\":1}}", "{}{}", "{} x", "1 2",
        "01", "-", "-a", "-01", "+1", ".5", "1.", "1.e1", "1e", "1e+", "1E-", "0x1", "1_0", "1a",
        "NaN", "Infinity", "-Infinity", "tru", "True", "truex", "nul", "nulll", "falsee",
        "undefined",
        "\"", "\"a", "'a'", #""\"#, #""\""#, #""\x""#, #""\a""#, #""\'""#, #""\u""#, #""\u1""#,
        #""\u12""#, #""\u123""#, #""\u12G4""#, #""\u+123""#, #""\U0041""#, #""\u 123""#,
        "\"\n\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "\u{FEFF}{}", "\u{A0}1", "\u{C}1", "/**/1",
        "1//", "\\u0031", "[\"a\\", "[\"a", "[\"a\"", "[\"a\",4", "{\"a\":\"b\"", "[\u{B}]",
    ])
    func `broken JSON is refused`(text: String) {
        #expect(check(Array(text.utf8))?.code == .invalidJSON)
    }

    /// RFC 8259 section 8.2: they name no character. Foundation refuses them too.
    @Test(arguments: [
        #""\uD800""#, #""\uDC00""#, #""\uD800x""#, #""\uD800\n""#, #""\uD800\uD800""#,
        #""\uD800\u0041""#, #""\uDC00\uD800""#, #""\uD800\uDC0""#, #""\uD800\\uDC00""#, #""\uD800"#,
        #""\uD800\"#, #""\uD800\u"#,
    ])
    func `unpaired surrogates are refused`(text: String) {
        #expect(check(Array(text.utf8))?.code == .invalidJSON)
        #expect(!foundationAccepts(Array(text.utf8)))
    }

    @Test func `nesting over the limit is refused`() {
        let limit = JSONScanner.depthLimit
        func nested(_ depth: Int) -> [UInt8] {
            let opening = (0..<depth).map { $0.isMultiple(of: 2) ? "[" : "{\"a\":" }
            let closing = (0..<depth).reversed().map { $0.isMultiple(of: 2) ? "]" : "}" }
            let inside = depth.isMultiple(of: 2) ? "0" : ""
            return Array((opening.joined() + inside + closing.joined()).utf8)
        }
        #expect(check(nested(limit)) == nil)
        #expect(check(nested(limit + 1))?.reason.contains("at most 32 levels") == true)
        #expect(check([UInt8](repeating: UInt8(ascii: "["), count: 100_000))?.code == .invalidJSON)
        // The limit is on depth, not number. Closed containers don't count.
        let wide = "[" + String(repeating: "[],{},", count: 100) + "0]"
        #expect(check(Array(wide.utf8)) == nil)
    }

    @Test(arguments: [
        ("{\"a\" 1}", "The JSON is broken at byte 5: a colon was expected."),
        ("[1,]", "The JSON is broken at byte 3: a value was expected."),
        ("{} x", "The JSON is broken at byte 3: the end was expected."),
        ("\"é\\x\"", "The JSON is broken at byte 3: the escape is unknown."),
        ("", "The JSON is broken at byte 0: a value was expected."),
    ])
    func `a refusal names the fault and its position`(text: String, reason: String) {
        #expect(check(Array(text.utf8))?.reason == reason)
    }

    /// Texts on which Foundation differs from RFC 8259, and Hubbub follows the RFC: Foundation
    /// accepts a comma before a closing bracket, and refuses numbers that a Double can't hold. (It
    /// also accepts a byte order mark and deeper nesting, but not in these texts.)
    private func isLeftOut(_ text: String) -> Bool {
        // Match by scalars, because "\r
        // " is one Character and not a member of a class.
        let trailingComma = /,[ \t\r\n]*[\]}]/.matchingSemantics(.unicodeScalar)
        return text.contains(trailingComma) || text.contains(/[eE]\+?[0-9]{3}/)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `the scanner agrees with Foundation`(seed: UInt64) {
        var random = RandomJSON(generator: SplitMix64(seed: seed))
        for _ in 0..<200 {
            let text = random.value()
            #expect(check(Array(text.utf8)) == nil, "seed \(seed): \(text)")
            let damaged = random.damaged(text)
            guard let shown = String(validating: damaged, as: UTF8.self), !isLeftOut(shown) else {
                continue
            }
            let accepted = check(damaged) == nil
            #expect(accepted == foundationAccepts(damaged), "seed \(seed): \(shown)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `no bytes trap`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for count in 0..<200 {
            var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            bytes.insert(UInt8(ascii: "\""), at: 0)
            bytes.append(UInt8(ascii: "\""))
            let refusal = check(bytes)
            #expect(refusal == nil || refusal?.code == .invalidJSON, "seed \(seed)")
        }
    }

    @Test func `the end of a plain run is found at every position`() {
        for byte in UInt8.min ... .max {
            let isSpecial = byte < 0x20 || byte == 0x22 || byte == 0x5C
            for place in 0..<20 {
                for filler: UInt8 in [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0xFF] {
                    var bytes = [UInt8](repeating: filler, count: 20)
                    bytes[place] = byte
                    for start in [0, 3, place] where start <= place {
                        let end = bytes.span.endOfPlainRun(from: start)
                        if end != (isSpecial ? place : 20) {
                            Issue.record("byte \(byte) at \(place) among \(filler) from \(start)")
                        }
                    }
                }
            }
        }
    }

    /// Bytes before the start, special or not, don't matter.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `the end of a plain run is found among special bytes`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for count in 0..<40 {
            let bytes = (0..<count).map { _ in
                Bool.random(using: &generator)
                    ? [0x00, 0x1F, 0x22, 0x5C].randomElement(using: &generator)!
                    : UInt8.random(in: .min ... .max, using: &generator)
            }
            for start in 0...count {
                let special = bytes[start...].firstIndex { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
                let end = bytes.span.endOfPlainRun(from: start)
                #expect(end == special ?? count, "seed \(seed): \(bytes) from \(start)")
            }
        }
    }

    @Test func `keys compare byte for byte after unescaping`() throws {
        for (key, isMatch) in [
            ("\"message\"", true), (#""me\u0073sage""#, true), (#""\u006dessage""#, true),
            ("\"messag\"", false), ("\"messages\"", false), ("\"Message\"", false),
            (#""message\u0000""#, false), (#""m\u00e9ssage""#, false), ("\"\"", false),
        ] {
            let bytes = Array(key.utf8)
            var scanner = JSONScanner()
            let text = try scanner.string(in: bytes.span)
            #expect(text.equals("message", in: bytes.span) == isMatch, "\(key)")
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("1234567890", 1_234_567_890), ("9223372036854775808", 1 << 63),
            ("18446744073709551614", .max - 1), ("18446744073709551615", .max),
            ("18446744073709551616", nil), ("18446744073709551620", nil),
            ("184467440737095516150", nil), ("-0", nil), ("-1", nil), ("1.5", nil), ("1.0", nil),
            ("1e2", nil), ("1E+2", nil), ("10e-1", nil), ("0.0", nil),
        ] as [(String, UInt64?)])
    func `whole numbers are read`(text: String, number: UInt64?) throws {
        let bytes = Array(text.utf8)
        var scanner = JSONScanner()
        #expect(try scanner.number(in: bytes.span) == number)
        try scanner.finish(in: bytes.span)
    }

    @Test(arguments: ["", "-", "-a", "+1", ".5", "1.", "1e", "1e+", "a", "\"1\""])
    func `nothing else is read as a number`(text: String) {
        let bytes = Array(text.utf8)
        var scanner = JSONScanner()
        let refusal = #expect(throws: Refusal.self) { try scanner.number(in: bytes.span) }
        #expect(refusal?.code == .invalidJSON)
    }
}
