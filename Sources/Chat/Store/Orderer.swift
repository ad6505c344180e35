/// Puts the lines of each room into one order and, if it stores anything, keeps them. A room's
/// order is a stream of ``RoomEntry`` values.
///
/// A server is a *follower* of the rooms that its members are in. It submits their lines, and
/// delivers only lines that come back as entries, whatever their origin. The answer to a submission
/// reports its outcome and delivers nothing. So a line reaches the members in one way, whether it
/// was said here, on another server, or through an API.
///
/// Data goes one way. The reactor hands over a request and continues. The orderer works elsewhere
/// (on a thread, in another process) and queues its replies in the follower's mailbox. When the
/// first reply arrives in an empty mailbox, it wakes the reactor, which takes all of them. Neither
/// call ever waits for the other side.
///
/// What a follower may rely on:
/// - ``OrdererReply/ready(_:)`` comes before any answer except failures, and except reads from an
///   orderer that reported a failure before it was open. It comes again if the epoch changes.
/// - Requests of one follower are handled in order, except that reads wait behind the others. So if
///   a room is followed and then written to, that line arrives as an entry.
/// - After ``OrdererReply/following(_:_:)``, every later entry of the room comes once and in order,
///   until the follower stops following the room, or is told that it lags.
/// - Answers come in the order of the submissions. They may come before their entries.
/// - A mailbox is bounded. A follower that doesn't take its replies in time is told once that it
///   lags in a room, gets no further entries of that room, and follows it again. It can read the
///   lines between its last number and the new snapshot.
///
/// - Changes of who is banned, of settings, of terms, and of lines that wait are told of all rooms
///   and of ``RoomName/everywhere``, followed or not, and are never left out.
///
/// What a follower must cope with: entries of a room that it has just stopped following; a snapshot
/// of a room that it already follows, which may be older than its own state; entries that the
/// snapshot includes.
public protocol Orderer: AnyObject, Sendable {
    func submit(_ request: OrdererRequest)

    /// Moves the replies that have arrived since the last call to the end of `replies`.
    func takeReplies(into replies: inout [OrdererReply])

    /// Whether other servers share its rooms. If so, it is told of the members here with
    /// ``OrdererRequest/present(_:_:)`` and of orders with ``OrdererRequest/notify(_:)``, and tells
    /// of those elsewhere. It never changes.
    var isShared: Bool { get }

    /// Counts since the orderer was made. Safe to call from any thread.
    var metrics: StoreMetrics { get }

    /// How it fares as a node of a cluster. Nil if it is none. Safe to call from any thread.
    var cluster: ClusterReport? { get }
}

extension Orderer {
    public var isShared: Bool { false }

    public var cluster: ClusterReport? { nil }
}
