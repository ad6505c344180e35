import Testing

@testable import hubbub

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
}
