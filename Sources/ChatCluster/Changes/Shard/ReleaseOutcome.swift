package import Chat

/// The outcome of ``ChangeCommand/release(_:group:_:_:_:at:)``.
package enum ReleaseOutcome: Equatable, Sendable {
    /// These lines are said. The others didn't wait any more.
    case said([HeldReply.Said], news: UInt64)
    /// Nothing was done: another epoch has begun.
    case otherEpoch
    /// Nothing was done: the shard takes no writes. The reason is for the operator.
    case refused(reason: String)
}
