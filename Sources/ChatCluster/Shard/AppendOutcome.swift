package import Chat

/// The outcome of an append.
package enum AppendOutcome: Equatable, Sendable {
    /// One answer for each submission, in order: `ordered`, `already` or `otherText`.
    case answered([SubmissionAnswer])
    /// The lines are there, and too few replicas have them yet, so that they may be lost. The
    /// reason is for the operator.
    case unsettled(reason: String)
    /// Nothing was appended: another epoch has begun.
    case otherEpoch
    /// Nothing was appended: the shard takes no writes (it is full, a replica, has too few
    /// replicas, or its disk fails). The reason is for the operator.
    case refused(reason: String)
}
