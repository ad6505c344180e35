/// A line on its way to the orderer.
public struct Submission: Equatable, Sendable {
    /// The submitting server's own number for it, counted up from 0. A submission whose fate is
    /// unknown is submitted again with the same id, and the orderer knows it by that.
    public let id: UInt64
    public let draft: Draft

    public init(id: UInt64, draft: Draft) {
        self.id = id
        self.draft = draft
    }
}
