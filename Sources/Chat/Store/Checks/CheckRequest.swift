/// A line that is to be checked before it is said.
public struct CheckRequest: Equatable, Sendable {
    /// The server's own number for it.
    public let ticket: UInt64
    public let draft: Draft

    public init(ticket: UInt64, draft: Draft) {
        self.ticket = ticket
        self.draft = draft
    }
}
