internal import Chat
internal import Reactor

/// A command or a request that waits for the store, or a token that waits for the verifier.
enum WaitingCommand {
    /// It is executed again once its room was looked up.
    case opening(CommandEnvelope)
    /// A line of the plain dialect, whose room has yet to be looked up.
    case line([UInt8])
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
        case .line(let text): text.count
        case .history(let answer): answer.bytes
        case .verification: MemoryLayout<Verification>.size
        case .request(let request): request.bytes
        case .stream(let opening): opening.bytes
        }
    }
}
