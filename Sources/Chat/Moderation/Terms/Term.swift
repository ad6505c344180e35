/// A word, a phrase or a regular expression, and what becomes of a line that it meets.
public struct Term: Sendable {
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
}

/// Texts are compared by their bytes.
extension Term: Hashable {
    public static func == (left: Term, right: Term) -> Bool {
        left.action == right.action && left.text.hasSameBytes(as: right.text)
    }

    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
        hasher.combine(action)
    }
}
