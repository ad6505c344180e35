internal import Reactor
internal import WebSocket

/// One client: a socket, the protocol state on it and what waits to be sent. It is a slot of the
/// connection table; what is rare stands in ``Rare``.
struct Connection: Slot, ~Copyable {
    /// What the bytes that come in are taken for.
    enum Phase: UInt8 {
        /// A request head, or nothing yet.
        case head
        /// Content of a request that is read and dropped.
        case content
        /// WebSocket frames; RFC 6455's OPEN.
        case open
        /// WebSocket frames after our Close; RFC 6455's CLOSING.
        case closing
        /// Nothing any more: we are done, and wait for the peer to see that.
        case lingering
    }

    struct Flags: OptionSet {
        let rawValue: UInt32

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
        /// One of its memberships is behind the head of its room.
        static let behind = Flags(rawValue: 256)
        /// Was answered at least once over HTTP: what follows is keep-alive.
        static let answered = Flags(rawValue: 512)
        /// A WebSocket message is half received.
        static let partial = Flags(rawValue: 1024)
        /// Input was kept, and is gone on with at the next tick, though nothing is ready.
        static let resumes = Flags(rawValue: 2048)
        /// Came past a limit of connections, and is only told so.
        static let refused = Flags(rawValue: 4096)
        /// Takes deflated messages (RFC 7692).
        static let deflates = Flags(rawValue: 16384)
        /// The kernel had no memory for bytes: try again later, whatever the poller says.
        static let postponed = Flags(rawValue: 8192)
        /// Speaks the rich dialect.
        static let rich = Flags(rawValue: 32768)
        /// A command of it waits for the store, and those behind it for that command.
        static let awaits = Flags(rawValue: 65536)
        /// Stands in the list of those that are behind and are to be fed.
        static let feeds = Flags(rawValue: 131072)
    }

    // In an order that leaves no gaps.
    var outbound = OutboundRing()
    var rare: Rare?
    var session = Session()
    var phase = Phase.head
    var interest: Interest = .readable
    var flags: Flags = []
    var socket: Socket
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
        Connection(socket: .none, now: CoarseTime(steps: 0))
    }

    /// Whether nothing is left to do about it once its ring is empty.
    var isRegular: Bool {
        interest == .readable
            && flags.isDisjoint(with: [.behind, .held, .endsWhenFlushed, .blocked, .throttled])
    }

    /// Whether nothing waits for it, and nothing else is to be done about it.
    var isIdle: Bool {
        outbound.isEmpty && isRegular && flags.isDisjoint(with: [.flushes, .ends])
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
