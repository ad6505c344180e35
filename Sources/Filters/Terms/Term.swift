/// A word, a phrase or a regular expression, and what becomes of a line that it meets.
public struct Term: Hashable, Sendable {
    /// What becomes of the line. The raw values are those of the protocol.
    public enum Action: String, Sendable, CaseIterable {
        /// It is refused.
        case block
        /// It waits for a moderator.
        case hold
    }

    /// Words, or a regular expression between slashes.
    public let text: String
    public let action: Action

    public init(_ text: String, _ action: Action) {
        self.text = text
        self.action = action
    }

    /// The regular expression, if it is one: `/…/`, or `/…/i`, which means the same, because case
    /// is ignored anyway.
    var expression: Substring? {
        for end in ["/", "/i"] where text.utf8.count > 1 + end.utf8.count {
            if text.hasPrefix("/"), text.hasSuffix(end) {
                return text.dropFirst().dropLast(end.utf8.count)
            }
        }
        return nil
    }
}
