public import Chat

/// Every limit of the daemon. Counts and rates of 0 are switched off where the text says so.
public struct Limits: Equatable, Sendable {
    /// What the domain enforces: texts, names, rates of lines and refusals.
    public var chat = ChatLimits()
    /// Bytes of a frame, or of a message assembled from fragments.
    public var messageBytes = 65_536
    /// Bytes a second that are read of one connection; 0: no limit.
    public var bytesPerSecond = 0
    /// Connections at the same time.
    public var connections = 1_000
    /// Connections of one address at the same time; 0: no limit.
    public var connectionsPerAddress = 0
    /// Opening handshakes a second of one address; 0: no limit.
    public var handshakesPerSecondPerAddress = 0
    /// Bytes of a request head.
    public var headBytes = 16_384
    /// Milliseconds for a request head to come in whole.
    public var handshakeTimeout: UInt64 = 10_000
    /// Milliseconds for a message, or a request's content, to come in whole.
    public var messageTimeout: UInt64 = 30_000
    /// Milliseconds between two requests on one connection.
    public var keepAliveTimeout: UInt64 = 30_000
    /// Milliseconds for the peer to end the connection after we have.
    public var closeTimeout: UInt64 = 5_000
    /// Milliseconds of silence until a ping is sent, at most: it may come after a quarter of them,
    /// so that the pings of all are spread; 0: never.
    public var pingInterval: UInt64 = 25_000
    /// Milliseconds of silence past the interval until the connection is given up.
    public var pongTimeout: UInt64 = 10_000
    /// Bytes of lines that wait for a client: above this, no more are queued.
    public var highWatermark = 262_144
    /// Below this it is fed again.
    public var lowWatermark = 65_536
    /// Bytes of pongs, errors and the like that wait for a client.
    public var controlWatermark = 65_536
    /// Milliseconds without a byte taken by the kernel while some wait.
    public var slowTimeout: UInt64 = 10_000
    /// Bytes of recent lines that a room keeps; more as long as members need them that go on
    /// reading, up to an eighth of ``bufferBudget``.
    public var roomLogBytes = 1_048_576
    /// Bytes that wait for all clients together or are kept in logs, each shared chunk counted
    /// once.
    public var bufferBudget = 1_073_741_824

    /// Milliseconds that a room's lines may be held together under load; 0: never.
    public var coalesce = 20
    /// Lines that a client may have missed to resume with `after`; 0: any number.
    public var resumeLines = 10_000

    public init() {}

    /// What the kernel keeps of a connection's unsent bytes, before the ring sees that it is slow;
    /// Linux doubles it for its own accounts (socket(7)).
    public static let sendBuffer = 65_536
    /// Descriptors that are not for connections: standard streams, poller, listeners, log, store.
    public static let reservedDescriptors = 64
    /// Connections past the limit that are told so when they ask something; more are told
    /// in passing.
    static let refusals = 32
    /// Milliseconds that a connection past the limit has to ask something.
    static let refusalPatience: UInt64 = 1_000
    /// Bytes that are read of one connection in one tick, all at once.
    static let receiveBuffer = 65_536
    /// Messages of one connection that are looked at in one tick; the rest waits for the next.
    package static let messagesPerTick = 128
    /// Bytes of a message that was put together or inflated, for each of which it counts as one
    /// more.
    static let bytesPerMessage = 512
    /// Connections that are accepted in one tick.
    static let acceptsPerTick = 128
    /// Milliseconds from a termination signal until the daemon ends, whoever is still there.
    static let drainTimeout: UInt64 = 4_000
    /// Milliseconds from a termination signal for what was accepted to be stored and delivered,
    /// before everybody is told to go.
    package static let settleTimeout: UInt64 = 1_500
    /// Milliseconds that clients are asked to stay away when the server stops, at least: it takes
    /// that long to start again.
    package static let returnDelay: UInt64 = 500
    /// Milliseconds of the window over which their return is spread; one more for each of them, as
    /// one machine opens a thousand chats a second without noticing.
    package static let returnWindow: UInt64 = 1_000
    /// Lines that are handed to the store as one group: its reactor's share of a tick is about a
    /// millisecond.
    static let groupLines = 1_024
    /// Lines, and bytes of them, that may wait for the store: past it senders are told to try
    /// again.
    package static let draftsWaiting = 65_536
    package static let draftBytesWaiting = 33_554_432
    /// Replies of the store for which memory is kept from one tick to the next.
    static let repliesKept = 256
    /// Milliseconds after which a sender may try again when lines can't be stored.
    static let storeRetry: UInt64 = 1_000
    /// Milliseconds that a line may wait for the store until the server doesn't count as ready.
    static let storePatience: UInt64 = 2_000
    /// Pages of lines that the store is asked for at the same time; each takes up to 64 KiB of
    /// texts until it is sent.
    package static let readsAtOnce = 16
    /// Bytes that the answer to a `history` command has at most, unless a single line has more: so
    /// much most clients take in one message. A client asks for what is before.
    static let historyBytes = 1_048_576
    /// Bytes that all of it but its lines has at most.
    static let historyEnvelope = 1_024
    /// Bytes of lines that those who are behind get in one tick, all together: the kernel takes
    /// them in well under a millisecond.
    static let feedBytesPerTick = 1_048_576
    /// Rooms of which a tick tells who is there.
    static let newsAtOnce = 1_024
    /// Ids of lines that a tick forgets.
    static let sendsForgottenAtOnce = 1_024
    /// Milliseconds since the kernel last took bytes for a client, after which it doesn't count as
    /// one that goes on reading. A busy client comes to each of its connections within it.
    static let readingPatience: UInt64 = 500
    /// Without a store, an idle room keeps this part of what a room may keep.
    static let idleLogShare = 16
    /// Milliseconds to wait before accepting again when descriptors have run out.
    static let exhaustionPause: UInt64 = 1_000
    /// Bytes of a room's lines in one tick after which a further chunk is begun, so that a flood is
    /// let go of piece by piece.
    static let chunkBytes = 131_072
    /// Bytes of a message from which on it is deflated for those who take that. Shorter ones save
    /// less than a packet's head, and cost as much work.
    static let deflateFrom = 256
    /// Bits of the window that lines are deflated with, of 8 to 15.
    static let deflateWindowBits = 15
    /// Bytes of an encoding buffer that are kept for the next tick.
    static let batchBytesKept = 65_536
    /// Milliseconds without a line after which a room gives its log back.
    static let idleRoom: UInt64 = 30_000
}
