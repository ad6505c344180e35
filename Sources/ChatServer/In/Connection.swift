internal import Reactor
internal import WebSocket

/// One client: a socket, the protocol state on it and what waits to be sent. It is a slot of the
/// connection table; what is rare stands in ``Rare``.
///
/// Only ``Connections`` changes a connection's phase and flags.
struct Connection: Slot, ~Copyable {
    /// The protocol that the connection speaks, and where it is in it.
    enum Phase: Equatable {
        case http(Exchange)
        case webSocket(WebSocket)
        /// Nothing any more: we are done, and wait for the peer to see that.
        case lingering
    }

    /// Where an HTTP connection is.
    enum Exchange: Equatable {
        /// A request head, or nothing yet.
        case head
        /// Content of a request that is read and dropped.
        case content
    }

    /// What is known of a WebSocket beside its session. The session is a field of its own, because
    /// Swift can't change a payload that is not copyable where it lies.
    struct WebSocket: Equatable {
        let dialect: Dialect
        let encoding: Encoding
        /// Bits of the window that its compressed messages may refer to; 0: to nothing but
        /// themselves.
        var contextBits: UInt8 = 0
        /// It is in the chat no more: a Close goes one way or both (RFC 6455's CLOSING), or the
        /// connection ends without one.
        var hasLeft = false
    }

    struct Flags: OptionSet {
        let rawValue: UInt16

        /// Stands in the list of this tick's pending writes.
        static let flushes = Flags(rawValue: 1)
        /// The kernel refused bytes: wait until it takes some again.
        static let blocked = Flags(rawValue: 2)
        /// Nothing is read until the ring has drained.
        static let held = Flags(rawValue: 4)
        /// Nothing is read until its allowance of bytes has grown again.
        static let throttled = Flags(rawValue: 8)
        /// When the ring is empty, shut down our half and linger.
        static let endsWhenFlushed = Flags(rawValue: 16)
        /// Ends with this tick.
        static let ends = Flags(rawValue: 32)
        /// The peer has sent all that it will send.
        static let peerEnded = Flags(rawValue: 64)
        /// A ping was sent, and nothing was heard since.
        static let pinged = Flags(rawValue: 128)
        /// Was answered at least once over HTTP: what follows is keep-alive.
        static let answered = Flags(rawValue: 256)
        /// A WebSocket message is half received, and has a deadline.
        static let partial = Flags(rawValue: 512)
        /// Kept input is gone on with at the next tick, though nothing is ready.
        static let resumes = Flags(rawValue: 1024)
        /// Came past a limit of connections, and is only told so.
        static let refused = Flags(rawValue: 2048)
        /// The kernel had no memory for bytes: try again later, whatever the poller says.
        static let postponed = Flags(rawValue: 4096)
        /// Stands in the list of those that are behind and are to be fed.
        static let feeds = Flags(rawValue: 8192)
        /// Stands in the list of those that can't be served any more, and leave soon.
        static let fails = Flags(rawValue: 16384)
    }

    // In an order that leaves no gaps.
    var outbound = OutboundRing()
    var rare: Rare?
    /// Of use in the phase of WebSocket alone.
    var session = Session()
    var phase = Phase.http(.head)
    var interest: Interest = .readable
    var flags: Flags = []
    let socket: Socket
    /// When bytes last came in.
    var heard: CoarseTime
    /// When the kernel last took bytes, or the ring was last empty.
    var progressed: CoarseTime
    /// When the phase began; while a message is half received, when that began.
    var since: CoarseTime

    init(socket: Socket, now: CoarseTime) {
        self.socket = socket
        heard = now
        progressed = now
        since = now
    }

    static func vacant() -> Connection {
        var vacant = Connection(socket: .none, now: CoarseTime(steps: 0))
        // A list may still have the index of a connection that has ended.
        vacant.flags = .ends
        return vacant
    }

    /// Whether it is in the chat: a WebSocket from the opening handshake until a Close goes either
    /// way.
    var isInChat: Bool {
        switch phase {
        case .webSocket(let webSocket): !webSocket.hasLeft
        case .http, .lingering: false
        }
    }

    /// Whether it takes events beside lines.
    var isRich: Bool {
        switch phase {
        case .webSocket(let webSocket): webSocket.dialect == .rich
        case .http, .lingering: false
        }
    }

    /// How it takes lines.
    var encoding: Encoding {
        switch phase {
        case .webSocket(let webSocket): webSocket.encoding
        case .http, .lingering: .plain
        }
    }

    /// Bits of the window that its compressed messages may refer to; nil: they refer to nothing.
    var contextBits: Int? {
        switch phase {
        case .webSocket(let webSocket): webSocket.contextBits > 0 ? Int(webSocket.contextBits) : nil
        case .http, .lingering: nil
        }
    }

    /// The command that waits for the store, and those behind it for that command.
    var waiting: WaitingCommand? { rare?.waiting }

    /// Whether nothing is left to do about it once its ring is empty.
    var isRegular: Bool {
        interest == .readable
            && flags.isDisjoint(with: [.held, .endsWhenFlushed, .blocked, .throttled])
    }

    /// Whether nothing waits for it, and nothing else is to be done about it.
    var isIdle: Bool {
        outbound.isEmpty && isRegular && flags.isDisjoint(with: [.flushes, .ends, .fails])
    }

    /// The rare part, made when it is first needed.
    mutating func makeRare() -> Rare {
        if let rare { return rare }
        let made = Rare()
        rare = made
        return made
    }

    mutating func dropRareIfEmpty() {
        if rare?.isEmpty == true { rare = nil }
    }

    /// What a connection needs only at times, and gives back.
    final class Rare {
        /// A request head that has come in part.
        var head: [UInt8] = []
        /// How far the search for its end went.
        var progress = HeadProgress()
        /// Bytes of a request's content that are still to come.
        var contentLeft = 0
        /// Input that was read but not looked at, because the client had its share, or because a
        /// command before it waits.
        var input: [UInt8] = []
        /// The command that waits for the store.
        var waiting: WaitingCommand?

        var isEmpty: Bool {
            head.isEmpty && contentLeft == 0 && input.isEmpty && waiting == nil
        }
    }
}
