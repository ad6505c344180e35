/// A book that only lists its terms, as they are stored or told. It says nothing about any text.
package struct TermRecord: TermBook {
    package private(set) var terms: [Term]

    package init(_ terms: [Term]) { self.terms = terms.sorted { $0.text.precedes($1.text) } }

    package var count: Int { terms.count }
    package var bytes: Int { 0 }

    package subscript(text: String) -> Term? {
        terms.first { $0.text.hasSameBytes(as: text) }
    }

    package func changed(by order: TermsOrder) throws(Refusal) -> any TermBook {
        let gone = Set((order.removed + order.added.map(\.text)).map { ByteText($0) })
        return TermRecord(terms.filter { !gone.contains(ByteText($0.text)) } + order.added)
    }

    package func read(
        _ text: String, _ questions: LineQuestions, room: (any TermBook)?
    ) -> LineReading { LineReading() }
}

extension TermBook {
    /// A book of these terms, if this one is empty. Terms that can't be used any more, because
    /// somebody has edited them, or because a regular expression has become too large, are left
    /// out.
    package func listing(_ terms: [Term]) -> any TermBook {
        if let all = try? changed(by: TermsOrder(adding: terms)) { return all }
        return terms.reduce(self as any TermBook) { book, term in
            (try? book.changed(by: TermsOrder(adding: [term]))) ?? book
        }
    }
}
