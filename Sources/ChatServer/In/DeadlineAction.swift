internal import Reactor
internal import WebSocket

/// What is to be done about a connection when its deadline has passed.
enum DeadlineAction: Equatable {
    /// A request head didn't come in time: 408.
    case answerRequestTimeout
    /// A connection past a limit has asked nothing: 503 all the same.
    case refuse
    /// A message didn't come in time: Close with 1008.
    case closeHalfMessage
    /// The kernel took nothing for too long: Close with 1013.
    case closeLaggard
    /// Nothing was heard after a ping: Close with 1011.
    case closeSilent
    case ping
    /// Bytes could not be sent for want of memory: try again.
    case flush
    /// Its allowance of bytes has grown: read on.
    case read
    /// Nothing to say: the connection ends.
    case end
}
