/// The terms, without what a book makes of them. Read ones are a ``TermRecord``.
extension TermState: Codable {
    public init(from decoder: any Decoder) throws {
        let edits = [TermEdit](stored: try String(from: decoder))
        self.init(
            TermRecord(edits.compactMap { edit in edit.new.map { Term(edit.text, $0) } }))
    }

    public func encode(to encoder: any Encoder) throws {
        try book.terms.map { TermEdit(text: $0.text, old: nil, new: $0.action) }.stored
            .encode(to: encoder)
    }
}
