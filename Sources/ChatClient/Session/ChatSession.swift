public import Chat
public import Reactor

/// One user in the chat, over as many connections as that takes: which rooms are wanted, what has
/// been seen of them, and which lines of ours aren't acknowledged. It has no socket and no clock:
/// it is told what happened, and says what is to be done.
///
/// Across connections, each line of a room is given out once and in order, or told as missed. Each
/// line of ours keeps its id until it is acknowledged, so that the server says it once. Lines of
/// ours are sent one at a time, each when the one before it was answered: so they keep their order
/// even where the server doesn't take one at once.
public struct ChatSession: Sendable {
    /// Lines of ours that may wait: a long paste, and at most some MiB.
    public static let pendingLimit = 1_000
    /// Milliseconds in which the server must greet, once the connection is open.
    static let greetingPatience: UInt64 = 10_000
    /// Milliseconds after which a connection that was greeted counts as one that held.
    static let holdTime: UInt64 = 10_000
    /// Milliseconds that we wait for a reconnect at most, whatever the server says.
    static let longestWait: UInt64 = 300_000
    /// Milliseconds in which a line that was sent may be sent again: less than the server knows it.
    static let resendPeriod = UInt64(RecentSends.period) - 10_000
    /// Gaps that are being fetched at a time; of others it is only told that they are there.
    static let recallLimit = 16

    enum Link: Equatable {
        case offline
        case opened(since: Instant)
        case welcomed(since: Instant)
    }

    /// The last lines of a room that are wanted at the first time, 0 to
    /// ``Command/lineLimit``.
    public let historyLines: Int
    let username: String
    /// Whether lines that were missed are fetched from the history.
    let fetchesGaps: Bool
    var link = Link.offline
    var rooms: [RoomProgress]
    public internal(set) var pending: [PendingLine] = []
    var recalls: [Recall] = []
    var backoff = Backoff()
    var limits: ServerEvent.Welcome.Limits?
    var bucket = TokenBucket()
    /// When the limit of lines lets the next one through.
    var nextLine: Instant?
    /// When the server was last heard, and how long it may be silent, in milliseconds; 0: for ever.
    var lastHeard = Instant(nanoseconds: 0)
    var silenceLimit: UInt64 = 0
    /// What the server said about the next connection.
    var closing: ServerEvent.Closing?
    private var commands = 0

    public init(
        username: String, rooms: [String], historyLines: Int = JoinStart.standardLines,
        fetchesGaps: Bool = true
    ) {
        precondition(0...Command.lineLimit ~= historyLines, "the protocol allows no more lines")
        self.username = username
        self.historyLines = historyLines
        self.fetchesGaps = fetchesGaps
        self.rooms = rooms.map(RoomProgress.init)
    }

    /// Whether another line may be said now.
    public var hasRoom: Bool { pending.count < Self.pendingLimit }

    /// Whether the room is entered on this connection.
    public func isInside(_ room: String) -> Bool {
        rooms.contains { $0.name == room && $0.membership == .inside }
    }

    /// A line to be said, now or when there is a connection; there must be room for it. Call
    /// ``proceed(at:)`` then.
    public mutating func say(
        _ text: String, in room: String, using random: inout some RandomNumberGenerator
    ) {
        precondition(hasRoom)
        pending.append(PendingLine(id: MessageID.make(using: &random), room: room, text: text))
    }

    /// Gives up the lines that aren't under way, and returns them.
    public mutating func withdraw() -> [PendingLine] {
        let withdrawn = pending.filter { !$0.isInFlight }
        pending.removeAll { !$0.isInFlight }
        return withdrawn
    }

    /// A connection is open, and speaks the dialect.
    public mutating func opened(at now: Instant) {
        link = .opened(since: now)
        lastHeard = now
    }

    /// Bytes have come, whatever they are.
    public mutating func heard(at now: Instant) {
        lastHeard = now
    }

    /// The connection is gone, for this reason if it was more than that. Says what to do then.
    public mutating func disconnected(
        because failure: ClientFailure? = nil, at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Reconnection {
        if case .welcomed(let since) = link, since.advanced(byMilliseconds: Self.holdTime) <= now {
            backoff.held()
        }
        link = .offline
        for index in rooms.indices { rooms[index].disconnected() }
        for index in recalls.indices { recalls[index].request = nil }
        for index in pending.indices {
            pending[index].isInFlight = false
            pending[index].notBefore = nil
        }
        defer { closing = nil }
        if let closing {
            return .after(milliseconds: min(closing.reconnectAfter, Self.longestWait))
        }
        switch failure {
        case .refused(let refusal):
            guard refusal.isTemporary else { return .never }
            // On top of what the server wants, so that not all come at the same moment.
            let wanted = min(refusal.retryAfter ?? 0, Self.longestWait / 1_000) * 1_000
            return .after(milliseconds: wanted + backoff.failed(using: &random))
        case .handshake: return .never
        case nil, .violation, .ended:
            return .after(milliseconds: backoff.failed(using: &random))
        }
    }

    /// An id for a command that isn't a line.
    mutating func nextCommandID() -> String {
        commands += 1
        return "\(commands)"
    }
}
