import Foundation
import Testing

@testable import Console

@Suite struct TerminalTextTests {
    @Test(arguments: [
        "", "hi", "Grüße, 世界", "سلام", "שלום", "نمی\u{200C}خواهم", "👩‍👩‍👧‍👦",
        "🏴\u{E0067}\u{E0062}\u{E007F}",
        "e\u{301}", "\\u{1b}",
    ])
    func `what people write is shown as it is`(text: String) {
        #expect(TerminalText.harmless(text) == text)
    }

    @Test(arguments: [
        ("\u{1B}[31mred", #"\u{1b}[31mred"#), ("a\rb", #"a\rb"#), ("a\n-- b --", #"a\n-- b --"#),
        ("a\tb", #"a\tb"#), ("\u{0}\u{8}\u{7F}", #"\u{0}\u{8}\u{7f}"#),
        ("\u{9B}31m", #"\u{9b}31m"#), ("\u{85}", #"\u{85}"#),
        ("\u{202E}evil\u{202C}", #"\u{202e}evil\u{202c}"#),
        ("\u{2066}a\u{2069}", #"\u{2066}a\u{2069}"#),
        ("\u{200E}\u{200F}\u{61C}", #"\u{200e}\u{200f}\u{61c}"#),
        ("\u{2028}\u{2029}", #"\u{2028}\u{2029}"#), ("\u{FEFF}", #"\u{feff}"#), ("\r\n", #"\r\n"#),
    ])
    func `what could move the cursor or turn the text around is shown as an escape`(
        text: String, shown: String
    ) {
        #expect(TerminalText.harmless(text) == shown)
    }

    @Test(arguments: [
        (#"{"a":"\u001b"}"#, #"{"a":"\u001b"}"#), ("{\"a\":\"\u{9B}31m\"}", #"{"a":"\u009b31m"}"#),
        ("[\"\u{7F}\u{202E}\"]", #"["\u007f\u202e"]"#), ("{\r\n\t}", "{   }"),
        ("[\"\u{E0001}\"]", #"["\udb40\udc01"]"#), ("[\"é世\"]", "[\"é世\"]"),
    ])
    func `JSON is shown with its own escapes`(json: String, shown: String) {
        #expect(TerminalText.harmless(json: json) == shown)
    }

    @Test func `JSON for a terminal means what it did`() throws {
        for value in UInt32(0x20)...0x2100 where value != 0x22 && value != 0x5C {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let json = "[\"\(Character(scalar))\"]"
            let shown = TerminalText.harmless(json: json)
            let (before, after) = (Data(json.utf8), Data(shown.utf8))
            let decoder = JSONDecoder()
            #expect(
                try decoder.decode([String].self, from: before)
                    == decoder.decode([String].self, from: after))
        }
    }
}
