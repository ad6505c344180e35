/// Terms that somebody wants to change.
public struct TermsOrder: Equatable, Sendable {
    /// A term that is there already gets the new action. It comes back if it is removed, too.
    public var added: [Term]
    /// Texts of terms. One that isn't there needn't be removed.
    public var removed: [String]

    public init(adding added: [Term] = [], removing removed: [String] = []) {
        self.added = added
        self.removed = removed
    }

    /// The largest number of terms that one command may add, and of those that it may remove. To
    /// compile so many words takes 2 ms, phrases of another alphabet 4 ms.
    static let limit = 500

    /// What is wanted, as a text that distinguishes it from everything else.
    var text: String {
        (added.map { "\($0.action.rawValue) \($0.text)" } + removed.map { "remove \($0)" })
            .joined(separator: "\n")
    }
}
