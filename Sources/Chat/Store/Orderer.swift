/// The orderer of rooms: it puts whatever is said in a room into one order and, if it stores
/// anything, keeps it. A room's order is a stream of ``RoomEntry`` values.
///
/// A server is a *follower* of the rooms that its members are in. It submits what they say, and
/// delivers only what comes back as entries, whoever said it. The answer to a submission says what
/// became of it, and delivers nothing. So a line reaches the members in one way, whether it was
/// said here, on another server, or through an API.
///
/// Data goes one way. The reactor hands over a request and goes on. The orderer works elsewhere
/// (on a thread, in another process) and queues its replies in the follower's mailbox. When the
/// first reply comes into an empty mailbox, it wakes the reactor, which takes all of them. Neither
/// call ever waits for the other side.
///
/// What a follower may rely on:
/// - ``OrdererReply/ready(_:)`` comes before any answer except failures, and except what can be
///   read of an orderer that said that it fails before it was open. It comes again if the epoch
///   changes.
/// - Requests of one follower are worked off in their order, except that reads wait behind the
///   others. So a room that is followed first and written to afterwards yields that line as an
///   entry.
/// - After ``OrdererReply/following(_:_:)``, every later entry of the room comes once and in order,
///   until the follower gives the room up, or is told that it lags.
/// - Answers come in the order of the submissions. They may come before their entries.
/// - A mailbox is bounded. A follower that doesn't take its replies in time is told once that it
///   lags in a room, gets no further entries of that room, and follows it again: what lies between
///   its last number and the new snapshot can be read.
///
/// What a follower must cope with: entries of a room that it has just given up; a snapshot of a
/// room that it follows already, which may be older than what it knows; entries that the snapshot
/// includes.
public protocol Orderer: AnyObject, Sendable {
    func submit(_ request: OrdererRequest)

    /// Moves the replies that have come in since the last call to the end of `replies`.
    func takeReplies(into replies: inout [OrdererReply])

    /// What it has done since it was made; may be called from any thread.
    var metrics: StoreMetrics { get }
}
