/// The fields of the command that changes terms.
struct TermsFields {
    private var added = ListField<Term>.missing
    private var removed = ListField<String>.missing

    /// Scans a text that was scanned before.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("add", in: text) {
                added = try ListField(of: .object, &scanner, in: text, limit: TermsOrder.limit) {
                    scanner, text throws(Refusal) in try Self.term(&scanner, in: text)
                }
            } else if key.equals("remove", in: text) {
                removed = try ListField(of: .string, &scanner, in: text, limit: TermsOrder.limit) {
                    scanner, text throws(Refusal) in
                    ChatText.trimmed(try scanner.string(in: text).string(in: text))
                }
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    /// Nil if the command only asks for the list.
    func order() throws(Refusal) -> TermsOrder? {
        let added = try added.elements(
            named: "add", limit: TermsOrder.limit,
            of: #"objects with a "term" and an "action", which is "block" or "hold""#)
        let removed = try removed.elements(
            named: "remove", limit: TermsOrder.limit, of: "strings")
        guard added != nil || removed != nil else { return nil }
        let order = TermsOrder(adding: added ?? [], removing: removed ?? [])
        let hasControl = order.added.contains { term in
            term.text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }
        guard !hasControl else {
            throw Refusal(.invalidCommand, "A term has a control character: leave it out.")
        }
        return order
    }

    /// The next value, which is an object. Nil if it is no term.
    private static func term(
        _ scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(Refusal) -> Term? {
        var term = JSONField.missing
        var action = JSONField.missing
        var nextKey = try scanner.firstKey(in: text)
        while let key = nextKey {
            if key.equals("term", in: text) {
                term = try JSONField(&scanner, in: text)
            } else if key.equals("action", in: text) {
                action = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        guard case .string(let words) = term, case .string(let name) = action,
            let action = Term.Action(rawValue: try name.string(in: text))
        else { return nil }
        return Term(ChatText.trimmed(try words.string(in: text)), action)
    }
}
