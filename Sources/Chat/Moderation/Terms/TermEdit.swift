/// What a change does to one term. It is kept with the change, so that it can be undone.
package struct TermEdit: Equatable, Sendable {
    package let text: String
    /// Nil: it wasn't there.
    package let old: Term.Action?
    /// Nil: it isn't there any more.
    package let new: Term.Action?
}

extension TermsOrder {
    /// What becomes of each term that changes.
    package func edits(of book: any TermBook) -> [TermEdit] {
        var new: [ByteText: Term.Action?] = [:]
        for text in removed { new[ByteText(text)] = .some(nil) }
        for term in added { new[ByteText(term.text)] = term.action }
        return new.compactMap { text, action in
            let old = book[text.text]?.action
            return old == action ? nil : TermEdit(text: text.text, old: old, new: action)
        }.sorted { $0.text.precedes($1.text) }
    }

    /// Takes changes back. Terms that have changed since then stay as they are.
    package init(undoing edits: [TermEdit], in book: any TermBook) {
        self.init()
        for edit in edits where book[edit.text]?.action == edit.new {
            if let old = edit.old {
                added.append(Term(edit.text, old))
            } else {
                removed.append(edit.text)
            }
        }
    }
}

extension [TermEdit] {
    /// The text that ``init(stored:)`` reads. No term has a control character, such as the end of a
    /// line.
    package var stored: String {
        map { "\(Self.letter($0.old))\(Self.letter($0.new))\($0.text)" }.joined(separator: "\n")
    }

    package init(stored text: String) {
        self = text.split(separator: "\n").compactMap { line in
            guard let old = Self.action(line.first), let new = Self.action(line.dropFirst().first)
            else { return nil }
            return TermEdit(text: String(line.dropFirst(2)), old: old, new: new)
        }
    }

    private static func letter(_ action: Term.Action?) -> String {
        switch action {
        case .block: "b"
        case .hold: "h"
        case nil: "-"
        }
    }

    /// The outer nil is none.
    private static func action(_ letter: Character?) -> Term.Action?? {
        switch letter {
        case "b": .block
        case "h": .hold
        case "-": .some(nil)
        default: nil
        }
    }
}

extension String {
    /// Whether it comes first in the order of bytes, which is that of the store, too.
    package func precedes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
