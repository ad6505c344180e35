/// A line on its way to the orderer.
public struct Submission: Equatable, Sendable {
    /// The submitting server's own number for the line, counted up from 0. A submission with an
    /// unknown outcome is submitted again with the same id, so that the orderer recognises it.
    public let id: UInt64
    public let draft: Draft

    public init(id: UInt64, draft: Draft) {
        self.id = id
        self.draft = draft
    }
}
