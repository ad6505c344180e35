public import Chat

/// The terms of a room, or of the whole server. It is a value: a copy doesn't see later changes.
public struct TermList: Sendable {
    private var entries: [ByteText: Entry] = [:]
    private var words = WordTerms()
    private var expressions: ExpressionSet?

    private enum Entry {
        case plain(PlainTerm)
        case expression(Expression)

        init(_ term: Term) throws(TermRefusal) {
            if let pattern = term.expression {
                self = .expression(try Expression(term, pattern: String(pattern)))
            } else {
                self = .plain(try PlainTerm(term))
            }
        }

        var term: Term {
            switch self {
            case .plain(let plain): plain.term
            case .expression(let expression): expression.term
            }
        }

        var expression: Expression? {
            guard case .expression(let expression) = self else { return nil }
            return expression
        }
    }

    /// Bytes of the texts.
    private(set) var textBytes = 0

    public init() {}

    public var count: Int { entries.count }

    var expressionCount: Int { expressions?.expressions.count ?? 0 }

    /// All terms, in the order of their bytes.
    public private(set) var terms: [Term] = []

    /// The term with this text.
    public subscript(text: String) -> Term? { entries[ByteText(text)]?.term }

    /// Removes terms, then adds others, or does nothing at all. A term that is there already gets
    /// the new action. A text that isn't there needn't be removed.
    public mutating func change(
        adding added: [Term], removing removed: [String] = []
    ) throws(TermRefusal) {
        // Rather now than for the first line that needs it.
        FoldedCharacters.prepare()
        var new: [ByteText: Entry] = [:]
        for term in added { new[ByteText(term.text)] = try Entry(term) }
        let gone = Set(removed.map(ByteText.init)).union(new.keys)
        try checkCounts(new, without: gone)
        expressions = try changedExpressions(new, without: gone)
        for text in gone { remove(text) }
        for entry in new.values { insert(entry) }
        sort(in: new.values.map(\.term), without: gone)
    }

    /// Keeps the list of terms in order. To sort all 10 000 anew takes 10 ms.
    private mutating func sort(in added: [Term], without gone: Set<ByteText>) {
        var rest = added.sorted { $0.text.precedes($1.text) }[...]
        var all: [Term] = []
        all.reserveCapacity(entries.count)
        for term in terms where !gone.contains(ByteText(term.text)) {
            while let next = rest.first, next.text.precedes(term.text) {
                all.append(rest.removeFirst())
            }
            all.append(term)
        }
        terms = all + rest
    }

    private func changedExpressions(
        _ new: [ByteText: Entry], without gone: Set<ByteText>
    ) throws(TermRefusal) -> ExpressionSet? {
        let old = expressions?.expressions ?? []
        let kept = old.filter { !gone.contains(ByteText($0.term.text)) }
        let added = new.values.compactMap(\.expression)
        guard kept.count < old.count || !added.isEmpty else { return expressions }
        let all = kept + added
        return all.isEmpty ? nil : try ExpressionSet(all)
    }

    private func checkCounts(
        _ new: [ByteText: Entry], without gone: Set<ByteText>
    ) throws(TermRefusal) {
        let kept = entries.count - gone.count { entries[$0] != nil }
        guard kept + new.count <= TermLimits.terms else { throw .tooManyTerms }
        var alike: [UInt64: Int] = [:]
        for case .plain(let term) in new.values { alike[term.key, default: 0] += 1 }
        for (key, count) in alike {
            let others = words.terms(with: key).count { !gone.contains(ByteText($0.term.text)) }
            guard others + count <= TermLimits.alike else { throw .tooManyAlike }
        }
    }

    private mutating func remove(_ text: ByteText) {
        guard let entry = entries.removeValue(forKey: text) else { return }
        textBytes -= text.text.utf8.count
        if case .plain(let term) = entry { words.remove(term) }
    }

    private mutating func insert(_ entry: Entry) {
        entries[ByteText(entry.term.text)] = entry
        textBytes += entry.term.text.utf8.count
        if case .plain(let term) = entry { words.insert(term) }
    }

    /// The term that the line meets: one that blocks it, or else one that holds it.
    public func match(_ line: FoldedText) -> Term? {
        var found: Term?
        for form in [line.folded, line.disguised].compactMap(\.self) {
            guard let term = words.match(form) else { continue }
            if term.action == .block { return term }
            if found == nil { found = term }
        }
        guard let expressions else { return found }
        for form in line.forms {
            for term in expressions.matches(form) {
                if term.action == .block { return term }
                if found == nil { found = term }
            }
        }
        return found
    }
}
