/// A line as filters compare it: the same for all that a reader takes for the same.
///
/// It has up to three forms:
/// - as it was written;
/// - *folded*: NFKC without letter case, characters that can't be seen, and stray marks;
/// - *disguised*, if a word has letters of other alphabets and could pass for a Latin word: folded,
///   with those Latin letters.
///
/// A letter that stands three times or more in a row counts as once or twice.
public struct FoldedText: Sendable {
    /// The text as it was written, in UTF-8.
    let written: [UInt8]
    let folded: WordText
    let disguised: WordText?

    /// `text` is UTF-8. A character of ASCII takes about 15 ns, others a little longer, and up to a
    /// microsecond in a text with characters that join.
    public init(_ text: Span<UInt8>) {
        var written: [UInt8] = []
        written.reserveCapacity(text.count)
        for index in text.indices { written.append(text[index]) }
        self.written = written
        if let folded = WordText(ascii: text) {
            self.folded = folded
            disguised = nil
        } else {
            let string = String(decoding: written, as: UTF8.self)
            let forms =
                FoldedCharacters.forms(of: string)
                ?? FoldedCharacters.forms(of: Folding.composed(string)) ?? Self.joined(string)
            (folded, disguised) = (forms.folded, forms.disguised)
        }
    }

    /// Both forms of a text that must be folded as a whole.
    static func joined(_ text: String) -> (folded: WordText, disguised: WordText?) {
        (
            WordText(folded: Folding.folded(text)),
            Folding.disguised(text).map { WordText(folded: Folding.folded($0)) }
        )
    }

    public init(_ text: String) {
        self.init(text.utf8.span)
    }

    /// The folded text.
    public var text: String { String(decoding: folded.bytes, as: UTF8.self) }

    /// What regular expressions see: each form, and instead of one with drawls, one with double
    /// and one with single letters.
    var forms: [[UInt8]] {
        var forms = [written]
        for form in [folded, disguised].compactMap(\.self) {
            let shapes =
                form.hasDrawl
                ? [Drawl.shortened(form.bytes, to: 2), Drawl.shortened(form.bytes, to: 1)]
                : [form.bytes]
            for shape in shapes where !forms.contains(shape) { forms.append(shape) }
        }
        return forms
    }
}
