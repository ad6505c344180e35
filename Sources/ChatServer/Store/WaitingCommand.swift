internal import Chat
internal import Reactor

/// A command that waits for the store.
enum WaitingCommand {
    /// It is executed again once its room was looked up.
    case opening(CommandEnvelope)
    /// `history`, some of whose lines may have arrived.
    case history(HistoryAnswer)

    /// Bytes of memory that it takes.
    var bytes: Int {
        switch self {
        case .opening: MemoryLayout<CommandEnvelope>.size
        case .history(let answer): answer.bytes
        }
    }
}
