internal import Reactor
internal import WebSocket

/// What to do about a connection when its deadline has passed.
enum DeadlineAction: Equatable {
    /// A request head didn't arrive in time: 408.
    case answerRequestTimeout
    /// A connection over a limit has sent no request: 503 anyway.
    case refuse
    /// A message didn't arrive in time: Close with 1008.
    case closeHalfMessage
    /// The kernel took nothing for too long: Close with 1013.
    case closeLaggard
    /// Nothing was heard after a ping: Close with 1011.
    case closeSilent
    case ping
    /// Nothing was sent to an event stream for a while.
    case comment
    /// Bytes could not be sent for lack of memory: try again.
    case flush
    /// Its allowance of bytes has grown: continue reading.
    case read
    /// Ends the connection without a message.
    case end

    /// Whether bytes from the client would have moved the deadline.
    var isCausedBySilence: Bool {
        switch self {
        case .answerRequestTimeout, .refuse, .closeHalfMessage, .closeSilent, .end: true
        case .closeLaggard, .ping, .comment, .flush, .read: false
        }
    }

    /// Whether bytes that the client takes would have moved the deadline.
    var isCausedByUnreadBytes: Bool {
        switch self {
        case .closeLaggard, .end: true
        case .answerRequestTimeout, .refuse, .closeHalfMessage, .closeSilent, .ping, .comment,
            .flush, .read:
            false
        }
    }
}
