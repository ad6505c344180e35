public import Chat
public import Reactor

/// One user in the chat, over as many connections as needed: the rooms to be in, the last line seen
/// in each, and the lines of ours that aren't acknowledged. It has no socket and no clock: the
/// caller reports what happened, and gets outcomes to act on.
///
/// Across connections, each line of a room is delivered once and in order, or reported as missed.
/// Each line of ours keeps its id until it is acknowledged, so that the server says it once. Lines
/// of ours are sent one at a time, each after the answer to the one before it. So they keep their
/// order even if the server refuses one for now.
public struct ChatSession: Sendable {
    /// The largest number of our lines that may wait: a long paste, and at most a few MiB.
    public static let pendingLimit = 1_000
    /// Milliseconds until the server must send its welcome, once the connection is open.
    static let greetingPatience: UInt64 = 10_000
    /// Milliseconds after which a welcomed connection counts as one that held.
    static let holdTime: UInt64 = 10_000
    /// The longest wait before a reconnect, in milliseconds, whatever the server says.
    static let longestWait: UInt64 = 300_000
    /// Milliseconds during which a line may be sent again: less than the server remembers it.
    static let resendPeriod = UInt64(RecentSends.period) - 10_000
    /// The largest number of gaps to fetch at once. Further gaps are only reported.
    static let recallLimit = 16

    enum Link: Equatable {
        case offline
        case opened(since: Instant)
        case welcomed(since: Instant)
    }

    /// The number of last lines to request when a room is first entered, 0 to
    /// ``Command/lineLimit``.
    public let historyLines: Int
    let username: String
    /// Whether missed lines are fetched from the history.
    let fetchesGaps: Bool
    var link = Link.offline
    var rooms: [RoomProgress]
    public internal(set) var pending: [PendingLine] = []
    /// Commands of a moderator without an answer.
    var orders: [PendingOrder] = []
    /// Lines of ours that wait for a moderator, by the server's name for them.
    var held: [ByteText: PendingLine] = [:]
    var recalls: [Recall] = []
    var backoff = Backoff()
    var limits: ServerEvent.Welcome.Limits?
    var bucket = TokenBucket()
    /// When the rate limit lets the next line through.
    var nextLine: Instant?
    /// When the server was last heard, and the milliseconds it may be silent; 0: forever.
    var lastHeard = Instant(nanoseconds: 0)
    var silenceLimit: UInt64 = 0
    /// The server's announcement about the next connection.
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

    /// Adds a line to be sent now, or when there is a connection. There must be room for it. Then
    /// call ``proceed(at:)``.
    public mutating func say(
        _ text: String, in room: String, using random: inout some RandomNumberGenerator
    ) {
        precondition(hasRoom)
        pending.append(PendingLine(id: MessageID.make(using: &random), room: room, text: text))
    }

    /// Gives up the lines that aren't in flight, and returns them.
    public mutating func withdraw() -> [PendingLine] {
        let withdrawn = pending.filter { !$0.isInFlight }
        pending.removeAll { !$0.isInFlight }
        return withdrawn
    }

    /// A connection is open and uses the dialect.
    public mutating func opened(at now: Instant) {
        link = .opened(since: now)
        lastHeard = now
    }

    /// Bytes have arrived, whatever they are.
    public mutating func heard(at now: Instant) {
        lastHeard = now
    }

    /// The connection is gone; `failure` is set if the server was at fault. Returns what to do
    /// next.
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
        for index in orders.indices { orders[index].isInFlight = false }
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
            // Add a random wait, so that not all clients come back at the same moment.
            let wanted = min(refusal.retryAfter ?? 0, Self.longestWait / 1_000) * 1_000
            return .after(milliseconds: wanted + backoff.failed(using: &random))
        case .handshake, .untrusted, .notTLS: return .never
        case nil, .violation, .ended, .tls:
            return .after(milliseconds: backoff.failed(using: &random))
        }
    }

    /// An id for a command that isn't a line.
    mutating func nextCommandID() -> String {
        commands += 1
        return "\(commands)"
    }
}
