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

/// What the domain wants of its store.
public enum HistoryRequest: Equatable, Sendable {
    /// Store these lines, all or none, and number each with its room's next number. At most one
    /// append is under way at a time.
    case append([Draft])
    /// Look a room up.
    case open(RoomName)
    /// Read lines of a room, from the first number to the last one, as many of them as fit into
    /// ``HistoryPage/lineLimit`` and ``HistoryPage/byteLimit``.
    case read(RoomName, from: UInt64, through: UInt64)
}

/// What comes back from the store.
public enum HistoryReply: Equatable, Sendable {
    /// The store is open, and appends may succeed.
    case ready(HistoryOpening)
    /// The store can't be opened yet, but it can be read: until ``ready(_:)``, what is read is of
    /// this epoch.
    case readable(Epoch)
    /// From now on appends fail, until ``recovered`` or, if it never was open, ``ready(_:)``. The
    /// reason is for the operator. Requests are still answered: what can be read is.
    case failing(reason: String)
    /// Appends may succeed again.
    case recovered
    /// The oldest append that was not answered is stored: the numbers of its lines, in their order.
    case appended([UInt64])
    /// Nothing of the oldest append that was not answered is stored, and no number was used up.
    case appendFailed
    case opened(RoomName, RoomRecord)
    case openFailed(RoomName)
    /// What was asked for `from` this number.
    case read(RoomName, from: UInt64, HistoryPage)
    case readFailed(RoomName, from: UInt64)
    /// Lines of a room were given up because of their age or number; `oldest` is left.
    case pruned(RoomName, oldest: UInt64)
}

/// What a store knows when it opens.
public struct HistoryOpening: Equatable, Sendable {
    /// The epoch of all lines that are stored from now on.
    public let epoch: Epoch
    /// Lines with a key that were sent within ``RecentSends/period``, of all rooms.
    public let sends: [StoredSend]

    public init(epoch: Epoch, sends: [StoredSend]) {
        self.epoch = epoch
        self.sends = sends
    }
}

/// A stored line that had a key, as far as is needed to know it again.
public struct StoredSend: Equatable, Sendable {
    public let room: RoomName
    public let username: String
    public let key: String
    public let seq: UInt64
    public let time: Timestamp
    /// ``RecentSends/digest(of:)`` of the text.
    public let digest: UInt64

    public init(
        room: RoomName, username: String, key: String, seq: UInt64, time: Timestamp, digest: UInt64
    ) {
        self.room = room
        self.username = username
        self.key = key
        self.seq = seq
        self.time = time
        self.digest = digest
    }
}

/// What a store knows of a room.
public struct RoomRecord: Equatable, Sendable {
    /// The number of the last line that was ever stored, 0 before the first. It outlives the line.
    public let lastSeq: UInt64
    /// The number of the oldest line that is still there; `lastSeq + 1` where none is.
    public let oldest: UInt64
    /// Earlier epochs of the room, each with the last number that is certain in it: up to there
    /// its numbers still mean the same lines.
    public let ends: [EpochEnd]

    public init(lastSeq: UInt64, oldest: UInt64, ends: [EpochEnd] = []) {
        self.lastSeq = lastSeq
        self.oldest = oldest
        self.ends = ends
    }
}

/// Where an epoch ended in a room.
public struct EpochEnd: Equatable, Sendable {
    public let epoch: Epoch
    public let seq: UInt64

    public init(epoch: Epoch, seq: UInt64) {
        self.epoch = epoch
        self.seq = seq
    }
}

/// Stored lines of a room, in their order and without a hole.
public struct HistoryPage: Equatable, Sendable {
    /// The most lines of a page: encoding them takes the reactor a fraction of a millisecond.
    public static let lineLimit = 256
    /// Bytes of texts and names past which a page takes no further line.
    public static let byteLimit = 65_536

    /// The first one has the number that was asked for unless that one was given up, in which case
    /// it is the oldest that is left. Empty if there is none of those that were asked for.
    public let lines: [StoredLine]
    /// The oldest line of the room when this was read, as ``RoomRecord/oldest``.
    public let oldest: UInt64

    public init(lines: [StoredLine], oldest: UInt64) {
        self.lines = lines
        self.oldest = oldest
    }
}

/// A line as it is kept.
public struct StoredLine: Equatable, Sendable {
    public let seq: UInt64
    public let time: Timestamp
    public let username: String
    public let message: String

    public init(seq: UInt64, time: Timestamp, username: String, message: String) {
        self.seq = seq
        self.time = time
        self.username = username
        self.message = message
    }
}
