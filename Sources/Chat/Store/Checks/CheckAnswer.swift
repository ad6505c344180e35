/// The answer to a ``CheckRequest``.
public struct CheckAnswer: Equatable, Sendable {
    public enum Verdict: Equatable, Sendable {
        case allow
        /// It is said with another text.
        case change(String)
        /// A moderator decides.
        case hold
        /// It isn't said. The reason is for its sender.
        case refuse(String)
        /// Nobody has answered, or not in time. A setting says what follows.
        case failed

        /// What it says, without texts.
        public var kind: Kind {
            switch self {
            case .allow: .allow
            case .change: .change
            case .hold: .hold
            case .refuse: .refuse
            case .failed: .failed
            }
        }
    }

    public enum Kind: String, CaseIterable, Sendable {
        case allow
        case change
        case hold
        case refuse
        case failed
    }

    public let ticket: UInt64
    public let verdict: Verdict

    public init(ticket: UInt64, _ verdict: Verdict) {
        self.ticket = ticket
        self.verdict = verdict
    }
}
