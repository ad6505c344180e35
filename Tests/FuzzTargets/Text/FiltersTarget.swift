internal import Chat
internal import Filters

/// Texts are folded to what folds to itself, and a term meets itself in any line.
enum FiltersTarget {
    static func run(_ input: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: input, as: UTF8.self)
        let line = FoldedText(text)
        let again = FoldedText(line.text)
        try expect(
            again.text.utf8.elementsEqual(line.text.utf8), "\(line.text) folds to \(again.text)")
        _ = line.hasLink
        let name = NameSkeleton(text)
        try expect(name.looksLike(NameSkeleton(text)), "\(text) doesn't look like itself")
        try check(text, in: text.hasPrefix("/") ? nil : line)
        // Most texts are no regular expression, so the same bytes are also one.
        try check("/\(text)/", in: nil)
    }

    /// Adds the text as a term, and removes it.
    private static func check(_ text: String, in line: FoldedText?) throws(BrokenPromise) {
        var list = TermList()
        let term = Term(text, .hold)
        do {
            try list.change(adding: [term])
        } catch {
            try expect(error.reason.utf8.last == UInt8(ascii: "."), error.reason)
            return
        }
        try expect(list.terms == [term], "\(text) isn't listed")
        if let line {
            try expect(list.match(line) == term, "\(text) doesn't meet itself")
        } else {
            _ = list.match(FoldedText("Hello, world 123"))
        }
        do { try list.change(adding: [], removing: [text]) } catch {
            throw BrokenPromise(error.reason)
        }
        try expect(list.count == 0, "\(text) stays")
    }
}
