package import Chat

/// The answer of a shard to a ``ChangeCommand``. `news` is the number of the last news when it was
/// carried out: what it reports is among the news up to there.
package enum ChangeReply: Equatable, Sendable {
    case surveyed([RoomState], isLast: Bool)
    case waiting([HeldLine], isLast: Bool)
    case revocations([String])
    /// Nil if news after that number are gone, so that everything must be read again.
    case news([NumberedNews]?)
    case consulted(ChangeBasis)
    /// The first of them have the highest numbers. Empty if there are no more.
    case scanned([OriginLine])
    case made(ChangeOutcome)
    /// How many lines are left to be erased.
    case erased(left: Int)
    case unerased([RoomName: [UInt64]])
    case logged([LedgerEntry])
    /// What has become of the lines that were to wait, in the order of the question.
    case held([HeldReply.Outcome], news: UInt64)
    case released(ReleaseOutcome)
    case dropped(news: UInt64)
    case notified
}
