import Filters
import Testing

@Suite struct DigestTests {
    @Test(arguments: [
        ("Hello  there", " hello there "), ("so cool", "sooo coooool"), ("buy", "b\u{200B}uy"),
        ("BUY", "ｂｕｙ"),
        ("pope", "роре"), ("go\nhome", "go home"),
    ])
    func same(text: String, other: String) {
        #expect(FoldedText(text).digest == FoldedText(other).digest)
    }

    @Test(arguments: [
        ("11", "1"), ("yes", "no"), ("yes?", "yes!"), (":)", ":("), ("ab", "a b"), ("año", "ano"),
        ("100", "1000"),
    ])
    func different(text: String, other: String) {
        #expect(FoldedText(text).digest != FoldedText(other).digest)
    }

    /// It is stored, so it must be the same in the next release.
    @Test func isStable() {
        #expect(FoldedText("Hello").digest == 763_636_992_035_666_291)
    }
}
