internal import Chat
internal import Reactor

/// A command that waits for the store.
enum WaitingCommand {
    /// It is begun again when its room was looked up.
    case opening(CommandEnvelope)
    /// `history`, of which some lines may have come.
    case history(HistoryAnswer)
}
