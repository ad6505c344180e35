import Testing

@testable import Chat

@Suite struct ByteTextTests {
    /// Texts that Unicode calls equivalent, with different bytes.
    static let equivalents = [
        ("\u{E9}", "e\u{301}"),
        ("\u{212A}", "K"),
        ("\u{1E69}", "s\u{323}\u{307}"),
        // As many bytes, in another order.
        ("s\u{323}\u{307}", "s\u{307}\u{323}"),
        ("\u{AC00}", "\u{1100}\u{1161}"),
    ]

    private static func hash(_ text: String) -> Int {
        var hasher = Hasher()
        hasher.combine(ByteText(text))
        return hasher.finalize()
    }

    @Test(arguments: equivalents)
    func `texts that only look the same differ`(one: String, other: String) {
        #expect(one == other)
        #expect(ByteText(one) != ByteText(other))
        #expect(Self.hash(one) != Self.hash(other))
        #expect(Set([one, other].map(ByteText.init)).count == 2)
    }

    @Test func `texts with the same bytes are equal, and have one hash`() {
        for count in 0..<40 {
            let text = String(repeating: "\u{E9}x", count: count)
            let copy = String(decoding: Array(text.utf8), as: UTF8.self)
            #expect(ByteText(text) == ByteText(copy))
            #expect(Self.hash(text) == Self.hash(copy))
            #expect(ByteText(text) != ByteText(text + "\0"))
            #expect(Self.hash(text) != Self.hash(text + "\0"))
        }
    }
}
