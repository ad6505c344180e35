/// Finds a word in texts, without regard to case. Letters and digits beside it make it another
/// word.
struct WordSearch: Sendable {
    private let word: [Unicode.Scalar]

    init(_ word: String) { self.word = Self.folded(word) }

    private static func folded(_ text: String) -> [Unicode.Scalar] {
        Array(text.lowercased().unicodeScalars)
    }

    func isIn(_ text: String) -> Bool {
        let text = Self.folded(text)
        guard !word.isEmpty, word.count <= text.count else { return false }
        return (0...text.count - word.count).contains { start in
            let end = start + word.count
            return text[start] == word[0] && text[start..<end].elementsEqual(word)
                && !(start > 0 && Self.continues(text[start - 1], text[start]))
                && !(end < text.count && Self.continues(text[end - 1], text[end]))
        }
    }

    /// Whether two neighbours belong to one word.
    private static func continues(_ one: Unicode.Scalar, _ other: Unicode.Scalar) -> Bool {
        [one, other].allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }
}
