/// What a server wants of lines that wait.
public enum HeldRequest: Equatable, Sendable {
    /// A line is to wait. `ticket` is the server's own number for it.
    public struct Hold: Equatable, Sendable {
        public let ticket: UInt64
        public let draft: Draft
        public let reason: HeldLine.Reason

        public init(ticket: UInt64, _ draft: Draft, _ reason: HeldLine.Reason) {
            self.ticket = ticket
            self.draft = draft
            self.reason = reason
        }
    }

    /// Keep a line that waits.
    case hold(Hold)
    /// Say these lines in this order, those of them that still wait, and forget that they waited.
    /// At most one such request is pending at a time.
    case release([UInt64], at: Timestamp)

    /// The answer if that can't be done.
    package var failure: HeldReply {
        switch self {
        case .hold(let hold): .held([HeldReply.Answer(ticket: hold.ticket, nil)])
        case .release: .releaseFailed
        }
    }
}
