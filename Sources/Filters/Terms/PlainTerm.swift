internal import Chat

/// A term of words, folded as lines are.
struct PlainTerm: Sendable {
    let term: Term
    private let folded: WordText
    /// Whether it has signs that the line must have, too: "c++" doesn't meet "c", and "@all"
    /// doesn't meet "all". Blanks, quotes, brackets, dashes, and the other marks of sentences don't
    /// count.
    private let isLiteral: Bool

    init(_ term: Term) throws(TermRefusal) {
        self.term = term
        let characters = term.text.unicodeScalars.count
        guard characters <= TermLimits.characters else { throw .tooLong(characters) }
        folded = FoldedText(Self.trimmed(term.text)).folded
        guard let first = folded.words.first else { throw .noWord }
        guard folded.words.count <= TermLimits.words else { throw .tooManyWords }
        isLiteral = folded.bytes.contains { Self.signs.contains($0) }
        key = folded.words.dropFirst().reduce(first.key) { WordKey.mixed($0, $1.key) }
    }

    /// The key of the word or the phrase.
    let key: UInt64

    var words: [Word] { folded.words }

    /// Whether the words of a line from the given one on, which have the keys of this term's words,
    /// are these words.
    func meets(_ line: WordText, from first: Int) -> Bool {
        let start = line.words[first].start - folded.words[0].start
        if isLiteral {
            let end = start + folded.bytes.count
            return start >= 0 && end <= line.bytes.count
                && line.bytes[start..<end] == folded.bytes[...]
        }
        return folded.words.indices.allSatisfy { index in
            let (word, other) = (line.words[first + index], folded.words[index])
            return Drawl.joins(
                line.bytes, word.start..<word.end, to: folded.bytes, other.start..<other.end)
        }
    }

    private static let signs = Set("#$%&*+/<=>@\\^`|~".utf8)

    private static func trimmed(_ text: String) -> String {
        let start = text.unicodeScalars.drop { $0.properties.isWhitespace }
        let rest = start.reversed().drop { $0.properties.isWhitespace }.reversed()
        return String(String.UnicodeScalarView(rest))
    }
}
