internal import Chat

/// Words and phrases, found by their hashes. A line costs a look-up for each of its words, and at
/// most `TermLimits.words` where phrases begin, however many terms there are.
struct WordTerms: Sendable {
    /// The terms with a key.
    private var terms: [UInt64: [PlainTerm]] = [:]
    /// How many terms continue the phrase with a key.
    private var beginnings: [UInt64: Int] = [:]

    /// The terms with this key. They differ in repeated letters, or not at all once folded.
    func terms(with key: UInt64) -> [PlainTerm] { terms[key] ?? [] }

    mutating func insert(_ term: PlainTerm) {
        terms[term.key, default: []].append(term)
        Self.forEachBeginning(of: term) { beginnings[$0, default: 0] += 1 }
    }

    mutating func remove(_ term: PlainTerm) {
        guard let index = terms[term.key]?.firstIndex(where: { $0.term == term.term }) else {
            return
        }
        terms[term.key]?.remove(at: index)
        if terms[term.key]?.isEmpty == true { terms[term.key] = nil }
        Self.forEachBeginning(of: term) { key in
            let count = beginnings[key] ?? 0
            beginnings[key] = count > 1 ? count - 1 : nil
        }
    }

    /// The first term that blocks the line, or else the first that holds it.
    func match(_ line: WordText) -> Term? {
        var found: Term?
        for first in line.words.indices {
            guard let term = match(line, from: first) else { continue }
            if term.action == .block { return term }
            if found == nil { found = term }
        }
        return found
    }

    private func match(_ line: WordText, from first: Int) -> Term? {
        var found: Term?
        var key = line.words[first].key
        var next = first + 1
        while true {
            for term in terms[key] ?? [] where term.meets(line, from: first) {
                if term.term.action == .block { return term.term }
                if found == nil { found = term.term }
            }
            guard next < line.words.count, !beginnings.isEmpty, beginnings[key] != nil else {
                return found
            }
            key = WordKey.mixed(key, line.words[next].key)
            next += 1
        }
    }

    private static func forEachBeginning(of term: PlainTerm, _ body: (UInt64) -> Void) {
        guard var key = term.words.first?.key else { return }
        for word in term.words.dropFirst() {
            body(key)
            key = WordKey.mixed(key, word.key)
        }
    }
}
