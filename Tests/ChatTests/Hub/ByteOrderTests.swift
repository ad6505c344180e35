import TestSupport
import Testing

@testable import Chat

@Suite struct ByteOrderTests {
    /// Prefixes of each other, lengths around a word, a byte of zero, and all lengths of UTF-8.
    private static let parts = [
        "", "a", "b", "\0", "abcdefg", "abcdefgh", "abcdefghi", "\u{7F}", "\u{E9}", "e\u{301}",
        "\u{800}", "\u{FFFF}", "\u{1F600}",
    ]

    @Test(arguments: 0..<50 as Range<UInt64>)
    func `texts are in the order of their bytes`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let texts = (0..<40).map { _ in
            let count = Int.random(in: 0...3, using: &generator)
            return (0..<count).map { _ in Self.parts.randomElement(using: &generator)! }.joined()
        }
        let expected = texts.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(ByteOrder.sorted(texts).map { Array($0.utf8) } == expected, "seed \(seed)")
    }
}
