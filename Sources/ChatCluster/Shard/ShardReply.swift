package import Chat

/// The answer of a shard to a ``ShardCommand``.
package enum ShardReply: Equatable, Sendable {
    case entered(ShardState)
    /// Answers `enter` and `beat`: another run has the name now. Its lease ends in so many
    /// milliseconds, if it isn't renewed.
    case nameTaken(milliseconds: Int)
    /// The positions of the rooms, in the order of the question.
    case beaten(ShardState, [RoomCursor])
    /// The epoch that is in force now.
    case begun(Epoch)
    case raised
    case appended(AppendOutcome)
    case opened(RoomSnapshot)
    case read(RoomPage)
    /// Nil if entries after that position are gone, so that the room must be opened again.
    case caughtUp(Epoch, [StoredEntry]?)
    /// How many entries were deleted, and in how many milliseconds the node asks again.
    case trimmed(entries: Int, pause: UInt64)
    indirect case changes(ChangeReply)
    /// It could not be carried out: nothing has happened. The reason is for the operator.
    case failed(reason: String)
    indirect case presence(PresenceReply)

    /// Why it isn't the answer that was wanted, for the operator.
    var failure: String {
        if case .failed(let reason) = self { reason } else { "an unexpected answer" }
    }
}
