public import Chat

/// Every limit of the daemon. If a comment says so, 0 switches the limit off.
public struct Limits: Equatable, Sendable {
    /// The limits of the chat itself: texts, names, rates of lines and refusals.
    public var chat = ChatLimits()
    /// Bytes of a frame, or of a message assembled from fragments.
    public var messageBytes = 65_536
    /// Bytes per second that are read from one connection; 0: no limit.
    public var bytesPerSecond = 0
    /// Units of work a second, of about a microsecond each, that a connection may ask for in the
    /// long run; 0: no limit. Lines count only if ``ChatLimits/linesPerSecond`` limits them, too.
    ///
    /// The default lets one client use 0.2 % of a core. A person who chats uses a hundredth of it.
    public var costPerSecond = 2_000
    /// Units that a connection may ask for at once after a pause. Beyond them it is in debt, and
    /// isn't read until that is paid off.
    public var costBurst = 20_000
    /// Milliseconds after which a connection that gets into debt again and again is closed; 0:
    /// never.
    public var debtTimeout: UInt64 = 30_000
    /// Connections at the same time.
    public var connections = 1_000
    /// Connections from one address at the same time; 0: no limit.
    public var connectionsPerAddress = 0
    /// Opening handshakes per second from one address; 0: no limit.
    public var handshakesPerSecondPerAddress = 0
    /// Bytes of a request head.
    public var headBytes = 16_384
    /// Bytes of a request's content.
    public var bodyBytes = 65_536
    /// Milliseconds for a request head to arrive.
    public var handshakeTimeout: UInt64 = 10_000
    /// Milliseconds for a message, or a request's content, to arrive.
    public var messageTimeout: UInt64 = 30_000
    /// Milliseconds between two requests on one connection.
    public var keepAliveTimeout: UInt64 = 30_000
    /// Milliseconds for the peer to end the connection after the server has ended its half.
    public var closeTimeout: UInt64 = 5_000
    /// The longest silence in milliseconds before a ping is sent; 0: no pings. A ping may be sent
    /// after a quarter of it, so that the pings of all clients are spread.
    public var pingInterval: UInt64 = 25_000
    /// Milliseconds from a ping to the next byte before the connection is closed.
    public var pongTimeout: UInt64 = 10_000
    /// Bytes of waiting lines of a client above which no more are queued.
    public var highWatermark = 262_144
    /// Bytes of waiting lines below which the client is fed again.
    public var lowWatermark = 65_536
    /// Bytes of waiting pongs, errors and the like of a client.
    public var controlWatermark = 65_536
    /// Milliseconds in which the kernel takes none of a client's waiting bytes.
    public var slowTimeout: UInt64 = 10_000
    /// Bytes of recent lines that a room keeps. Setting it switches ``roomLogsGrow`` off.
    public var roomLogBytes = 1_048_576 {
        didSet { roomLogsGrow = false }
    }
    /// Whether a room keeps more lines for members that still read, up to an eighth of
    /// ``bufferBudget``.
    public var roomLogsGrow = true
    /// Bytes that wait for all clients or are kept in logs. Each shared chunk counts once.
    public var bufferBudget = 1_073_741_824
    /// Bytes for the contexts of all clients' compressed messages, used or only promised; 0: only
    /// clients that promise to keep no context may compress. At most half of the buffer budget is
    /// used, so that the other half is left for waiting bytes.
    ///
    /// The default is half of that budget. It is enough for 16 000 clients with the largest window,
    /// or for 400 000 that let us choose.
    public var compressionBudget = 536_870_912

    /// Milliseconds for which a room's lines may be collected under load; 0: never.
    public var coalesce = 20
    /// Lines that a client may have missed to resume with `after`; 0: any number.
    public var resumeLines = 10_000

    public init() {}

    /// Bytes of lines that may wait for the store.
    var draftBytes: Int { min(Self.draftBytesWaiting, bufferBudget / Self.draftsShare) }
    /// Bytes that ids of recent lines may take.
    var sendBytes: Int { max(bufferBudget / Self.sendsShare, Self.leastSendBytes) }

    /// Bytes that the kernel keeps of a connection's unsent data before the ring grows. Linux
    /// doubles it for its own overhead (socket(7)).
    public static let sendBuffer = 65_536
    /// The longest time in milliseconds in which nothing is sent to an event stream. Common proxies
    /// end a connection after 30 seconds or a minute of silence.
    package static let commentInterval: UInt64 = 15_000
    /// The shortest time in milliseconds after which the reader of an event stream comes back, and
    /// the window over which readers are spread.
    static let streamRetry: UInt64 = 1_000
    static let streamRetryWindow: UInt64 = 2_000
    /// Descriptors for other uses than connections: standard streams, poller, listeners, log,
    /// store.
    public static let reservedDescriptors = 64
    /// Threads that do handshakes of TLS, at most.
    static let handshakeThreads = 4
    /// Connections over the limit that get a refusal when they send a request. Further ones get it
    /// at once.
    static let refusals = 32
    /// Milliseconds in which a connection over the limit must send a request.
    static let refusalPatience: UInt64 = 1_000
    /// Bytes that one tick reads from one connection, in one call.
    static let receiveBuffer = 65_536
    /// Units of work that one tick handles from one connection, except that its last message may
    /// take more. The rest waits for the next tick.
    package static let turnCost = 256
    /// Units of work that one tick handles from all connections, except those that are quiet. The
    /// others wait for their turn.
    static let tickCost = 1_000
    /// Milliseconds without work after a tick whose budget was used up by clients that ask for
    /// much. They get half of the reactor's time at most, and all others hardly notice.
    static let busyPause: Int64 = 1
    /// Units that a connection may owe and still be quiet.
    static let quietCost = 100
    /// Nanoseconds for which the process has stood still, from which it's told in the log.
    static let standstillToTell: UInt64 = 1_000_000_000
    /// Connections that one tick accepts.
    static let acceptsPerTick = 128
    /// Connections of a crowd that leave at once, three times in a tick. They come back as fast as
    /// they are accepted.
    static let departuresAtOnce = 32
    /// Milliseconds from a termination signal to the end of the daemon, even if clients are left.
    static let drainTimeout: UInt64 = 4_000
    /// Milliseconds from a termination signal for accepted lines to be stored and delivered, before
    /// the clients are told to leave.
    package static let settleTimeout: UInt64 = 1_500
    /// The shortest time in milliseconds that clients must stay away when the server stops. A
    /// restart takes that long.
    package static let returnDelay: UInt64 = 500
    /// Milliseconds of the window over which their return is spread, plus one for each client,
    /// because a machine easily opens a thousand chats per second.
    package static let returnWindow: UInt64 = 1_000
    /// Lines that are given to the store as one group. The reactor needs about a millisecond of a
    /// tick for it.
    static let groupLines = 1_024
    /// Lines that may wait for the store, and their bytes. Above that, senders are told to try
    /// again.
    package static let draftsWaiting = 65_536
    package static let draftBytesWaiting = 33_554_432
    /// The share of the buffer budget that lines on their way to the store may take.
    static let draftsShare = 8
    /// Terms of all rooms and of the whole server. They take about 150 MiB.
    static let terms = 250_000
    /// Replies of the store for which memory is kept from one tick to the next.
    static let repliesKept = 256
    /// Milliseconds after which a sender may try again when lines can't be stored.
    static let storeRetry: UInt64 = 1_000
    /// Milliseconds that a line may wait for the store before the server counts as not ready.
    static let storePatience: UInt64 = 2_000
    /// Attempts to read lines from the store, about one a second, after which they count as lost.
    static let readTries = 60
    /// Rooms whose state may be requested from the store at the same time for commands. A line that
    /// comes after them waits for them.
    static let openingsAtOnce = 16
    /// Pages of lines that may be requested from the store at the same time. Each takes up to 64
    /// KiB of texts until it is sent.
    package static let readsAtOnce = 16
    /// The largest number of bytes in the answer to `history`, unless a single line has more. Most
    /// clients accept messages of this size. A client can ask for earlier lines.
    static let historyBytes = 1_048_576
    /// The largest number of bytes of that answer without its lines.
    static let historyEnvelope = 1_024
    /// Bytes of lines above which a piece of that answer takes no further line. A page of the store
    /// nearly always fits.
    static let historyPiece = 131_072
    /// Pieces of answers that are made in one tick.
    static let piecesAtOnce = 4
    /// Bytes of lines that all clients that are behind get in one tick, less those that were
    /// encoded for them in it. The kernel takes them in well under a millisecond.
    static let feedBytesPerTick = 1_048_576
    /// Rooms whose presence events are sent in one tick.
    static let newsAtOnce = 1_024
    /// Ids of lines that are forgotten in one tick.
    static let sendsForgottenAtOnce = 1_024
    /// Ids from before a restart that are remembered in one tick, in well under a millisecond.
    static let sendsRememberedAtOnce = 2_048
    /// The share of the buffer budget that ids of recent lines may take. Above it the oldest are
    /// forgotten early.
    static let sendsShare = 8
    /// Bytes that they may take in any case, so that a small budget knows hundreds of them.
    static let leastSendBytes = 65_536
    /// Milliseconds since the kernel last took a client's bytes, after which it counts as not
    /// reading. A busy client program gets to each of its connections within this time.
    static let readingPatience: UInt64 = 500
    /// The share of its budget that an idle room keeps without a store.
    static let idleLogShare = 16
    /// Milliseconds before accepting again after descriptors have run out.
    static let exhaustionPause: UInt64 = 1_000
    /// Bytes of a room's lines in one tick after which a new chunk begins, so that a flood is freed
    /// in pieces.
    static let chunkBytes = 131_072
    /// Bytes from which a message is deflated for clients that accept it. For shorter ones it saves
    /// less than a packet's header, at the same cost.
    static let deflateFrom = 256
    /// The window for deflating lines, 8 to 15 bits.
    static let deflateWindowBits = 15
    /// The window for a client that keeps its context and lets us choose, 8 to 15 bits: 1 KiB.
    ///
    /// Chat lines of 120 bytes take 90 bytes if they are compressed separately, 63, 53 and 48 with
    /// 9, 10 and 11 bits, and 42 with 15. Ten bits have three quarters of the gain for one
    /// thirty-second of the memory.
    static let contextWindowBits = 10
    /// The capacity in bytes of an encoding buffer that is kept for the next tick.
    static let batchBytesKept = 65_536
    /// Milliseconds without a line after which a room frees its log.
    static let idleRoom: UInt64 = 30_000
}
