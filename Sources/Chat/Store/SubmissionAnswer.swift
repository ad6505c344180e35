/// The outcome of a submission.
public enum SubmissionAnswer: Equatable, Sendable {
    /// It is in the room's order under this number, with this time.
    case ordered(seq: UInt64, time: Timestamp)
    /// The same line with the same key was said before and has this number. It isn't said twice.
    case already(seq: UInt64, time: Timestamp)
    /// Its key was sent with another text.
    case otherText
    /// It wasn't said. Nothing of it is stored, and no number was used.
    case failed
    /// The orderer can't tell whether it was said. Submit it again with the same id.
    case unknown
    /// It may have been said, or may be said later, and the orderer doesn't find that out soon.
    /// Tell its sender so. If it is said again with its key, the orderer recognises it.
    case uncertain
}
