/// Where lines are kept for good. The domain says what it wants in ``HistoryRequest``s and is told
/// what came of them in ``HistoryReply``s; who keeps the lines, and how, is somebody else's
/// business.
///
/// Data goes one way. The reactor hands over a request and goes on. The store works on threads of
/// its own and queues its replies; when the first one of a queue comes in, it wakes the reactor,
/// which takes them all. Neither call ever waits for the disk.
///
/// The order of replies:
/// - The first one is ``HistoryReply/ready(_:)``, which comes once, or
///   ``HistoryReply/failing(reason:)``.
/// - Appends are answered one by one, in the order in which they were submitted. They are worked
///   off before reads that wait, so that nobody's reading delays what is said.
/// - Reads and openings are answered in an order of their own. What an append has answered is seen
///   by every read that is submitted afterwards.
public protocol HistoryStore: AnyObject, Sendable {
    func submit(_ request: HistoryRequest)

    /// Moves the replies that have come in since the last call to the end of `replies`.
    func takeReplies(into replies: inout [HistoryReply])
}
