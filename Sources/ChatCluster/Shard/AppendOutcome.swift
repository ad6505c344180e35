package import Chat

/// The outcome of an append.
package enum AppendOutcome: Equatable, Sendable {
    /// One answer for each submission, in order: `ordered`, `already` or `otherText`.
    case answered([SubmissionAnswer])
    /// Nothing was appended: another epoch has begun.
    case otherEpoch
    /// Nothing was appended: the shard takes no writes (it is full, a replica, or its disk fails).
    /// The reason is for the operator.
    case refused(reason: String)
}
