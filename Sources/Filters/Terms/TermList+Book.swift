public import Chat

/// What rooms ask of their terms.
extension TermList: TermBook {
    /// Bytes that a term takes besides its text: its entries in three tables, and its folded words.
    private static let termBytes = 520
    /// Bytes that RE2 takes for an expression, and for the search for all of them.
    private static let expressionBytes = 4_096
    private static let searchBytes = 65_536

    public var bytes: Int {
        count * Self.termBytes + textBytes * 3
            + (expressionCount > 0 ? Self.searchBytes + expressionCount * Self.expressionBytes : 0)
    }

    public func changed(by order: TermsOrder) throws(Refusal) -> any TermBook {
        var list = self
        do throws(TermRefusal) {
            try list.change(adding: order.added, removing: order.removed)
        } catch {
            guard let term = order.added.first(where: { !Self.takes($0) }) else {
                throw Refusal(.invalidCommand, error.reason)
            }
            throw Refusal(
                .invalidCommand, "\"\(term.text.prefix(Self.shownCharacters))\": \(error.reason)")
        }
        return list
    }

    /// Characters that a refusal shows of a term.
    private static let shownCharacters = 60

    /// Whether it may be a term, as far as that doesn't depend on others.
    private static func takes(_ term: Term) -> Bool {
        var list = TermList()
        return (try? list.change(adding: [term])) != nil
    }

    public func read(
        _ text: String, _ questions: LineQuestions, room: (any TermBook)?
    ) -> LineReading {
        let line = FoldedText(text)
        var reading = LineReading()
        if questions.contains(.link) { reading.hasLink = line.hasLink }
        if questions.contains(.digest) { reading.digest = line.digest }
        if questions.contains(.terms) {
            let match = TermMatch.first(in: line, server: self, room: room as? TermList)
            reading.action = match?.term.action
        }
        return reading
    }
}
