/// The outcome of ``ChangeCommand/make(_:_:_:)``.
package enum ChangeOutcome: Equatable, Sendable {
    /// The change is in the room's stream, and all nodes are told.
    case made(news: UInt64)
    /// Nothing was done: the room's last change is this one, or a line doesn't wait any more, or
    /// deleted lines can't be brought back.
    case conflict(rev: UInt64, news: UInt64)
    /// Nothing was done: another epoch has begun.
    case otherEpoch
    /// Nothing was done: the shard takes no writes. The reason is for the operator.
    case refused(reason: String)
}
