internal import Chat
internal import Reactor

/// A command or a request that waits for the store, or a token that waits for the verifier.
enum WaitingCommand {
    /// It is executed again once its room was looked up.
    case opening(CommandEnvelope)
    /// `history`, some of whose lines may have arrived.
    case history(HistoryAnswer)
    /// A token is being verified.
    case verification(Verification)
    /// A request, which waits for its room or for its outcome.
    case request(APIRequest)
    /// An event stream, which has yet to enter rooms.
    case stream(StreamOpening)

    /// Bytes of memory that it takes.
    var bytes: Int {
        switch self {
        case .opening: MemoryLayout<CommandEnvelope>.size
        case .history(let answer): answer.bytes
        case .verification: MemoryLayout<Verification>.size
        case .request(let request): request.bytes
        case .stream(let opening): opening.bytes
        }
    }
}
