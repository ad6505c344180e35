internal import Reactor
internal import WebSocket

/// One client: a socket, its protocol state and its waiting bytes. It is a slot of the connection
/// table. Its rare parts are in ``Rare``.
///
/// Only ``Connections`` changes a connection's phase and flags.
struct Connection: Slot, ~Copyable {
    /// The protocol of the connection, and its state.
    enum Phase: Equatable {
        case http(Exchange)
        case webSocket(ChatState)
        /// The response ends with the connection.
        case eventStream(ChatState)
        /// We have finished, and wait for the peer to see it.
        case lingering
    }

    /// The state of an HTTP connection.
    enum Exchange: Equatable {
        /// A request head is arriving, or nothing yet.
        case head
        /// The content of a request is arriving, and is dropped.
        case content
        /// The content of a request is arriving, and is kept for its resource.
        case body
        /// A request has arrived. Its answer waits for the verifier or the store.
        case answering
    }

    /// The state of a WebSocket besides its session, or of an event stream. The session is a field
    /// of its own, because Swift can't change a noncopyable payload in place.
    struct ChatState: Equatable {
        let dialect: Dialect
        let encoding: Encoding
        /// The size in bits of the context of its compressed messages. 0 if they have none.
        var contextBits: UInt8 = 0
        /// It has left the chat: a Close was sent or received (RFC 6455's CLOSING), or the
        /// connection is ending without one.
        var hasLeft = false
    }

    struct Flags: OptionSet {
        let rawValue: UInt16

        /// It is on the list of this tick's pending writes.
        static let flushes = Flags(rawValue: 1)
        /// The kernel refused bytes. It will report when it accepts some.
        static let blocked = Flags(rawValue: 2)
        /// Reading is stopped until the ring has drained.
        static let held = Flags(rawValue: 4)
        /// Reading is stopped until its allowance of bytes or of work has grown.
        static let throttled = Flags(rawValue: 8)
        /// When the ring is empty, our half is shut down and the connection lingers.
        static let endsWhenFlushed = Flags(rawValue: 16)
        /// It ends with this tick.
        static let ends = Flags(rawValue: 32)
        /// The peer has sent everything that it will send.
        static let peerEnded = Flags(rawValue: 64)
        /// A ping was sent, and nothing has arrived since.
        static let pinged = Flags(rawValue: 128)
        /// It has had an HTTP response, so it is kept alive.
        static let answered = Flags(rawValue: 256)
        /// A WebSocket message is incomplete, and has a deadline.
        static let partial = Flags(rawValue: 512)
        /// It waits in line for its turn, which comes even if nothing is ready.
        static let resumes = Flags(rawValue: 1024)
        /// It is over a limit of connections, and only gets a refusal.
        static let refused = Flags(rawValue: 2048)
        /// The kernel had no memory for bytes. We try again later, whatever the poller reports.
        static let postponed = Flags(rawValue: 4096)
        /// It is on the list of those that are behind and are fed.
        static let feeds = Flags(rawValue: 8192)
        /// It is on the list of those that can't be served any more, and leave soon.
        static let fails = Flags(rawValue: 16384)
        /// It is more than a guest, or must become it: ``Identities`` knows.
        static let identified = Flags(rawValue: 32768)
    }

    // The order of the fields leaves no gaps.
    var outbound = OutboundRing()
    var rare: Rare?
    /// It is used only in the WebSocket phase.
    var session = Session()
    var phase = Phase.http(.head)
    var interest: Interest = .readable
    var flags: Flags = []
    let socket: Socket
    /// The time when bytes last arrived. After a ping that wasn't answered yet, the time from which
    /// the pong's time counts.
    var heard: CoarseTime
    /// The time when the kernel last took bytes, or the ring was last empty.
    var progressed: CoarseTime
    /// The start of the phase, or of an incomplete message.
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

    /// Whether it is in the chat: it is a WebSocket, and no Close was sent or received, or it is an
    /// event stream.
    var isInChat: Bool {
        switch phase {
        case .webSocket(let state), .eventStream(let state): !state.hasLeft
        case .http, .lingering: false
        }
    }

    /// Whether it is an event stream.
    var isEventStream: Bool {
        switch phase {
        case .eventStream: true
        case .http, .webSocket, .lingering: false
        }
    }

    /// Whether it gets events besides lines.
    var isRich: Bool {
        switch phase {
        case .webSocket(let state), .eventStream(let state): state.dialect == .rich
        case .http, .lingering: false
        }
    }

    /// Whether it takes compressed frames.
    var takesDeflated: Bool {
        switch phase {
        case .webSocket(let state): state.encoding == .deflated
        case .http, .eventStream, .lingering: false
        }
    }

    /// The encoding of its lines.
    var encoding: Encoding {
        switch phase {
        case .webSocket(let state), .eventStream(let state): state.encoding
        case .http, .lingering: .plain
        }
    }

    /// The size in bits of the context of its compressed messages. Nil if they have none.
    var contextBits: Int? {
        switch phase {
        case .webSocket(let state): state.contextBits > 0 ? Int(state.contextBits) : nil
        case .http, .eventStream, .lingering: nil
        }
    }

    /// The command that waits for the store. Later commands wait behind it.
    var waiting: WaitingCommand? { rare?.waiting }

    /// Whether it is in the middle of an answer to `history`, so that no other message may be sent
    /// to it.
    var isAnswering: Bool { rare?.answering != nil }

    /// Whether nothing remains to be done for it once its ring is empty.
    var isRegular: Bool {
        interest == .readable
            && flags.isDisjoint(with: [.held, .endsWhenFlushed, .blocked, .throttled])
    }

    /// Whether no bytes wait for it, and nothing else must be done for it.
    var isIdle: Bool {
        outbound.isEmpty && isRegular && flags.isDisjoint(with: [.flushes, .ends, .fails])
    }

    /// It has left the chat. What it still gets is its last.
    mutating func leftChat() {
        switch phase {
        case .webSocket(var state):
            state.hasLeft = true
            phase = .webSocket(state)
        case .eventStream(var state):
            state.hasLeft = true
            phase = .eventStream(state)
        case .http, .lingering: break
        }
    }

    /// The rare part, which is created on first use.
    mutating func makeRare() -> Rare {
        if let rare { return rare }
        let made = Rare()
        rare = made
        return made
    }

    mutating func dropRareIfEmpty() {
        if rare?.isEmpty == true { rare = nil }
    }

    /// What an answer in the middle waits for.
    enum Answering {
        /// The client has yet to take the last piece.
        case piece
        /// The store reads the lines of the next one.
        case store
    }

    /// State that a connection needs only at times.
    final class Rare {
        /// Bytes that it costs besides the rest.
        private static let overhead = 192

        /// An incomplete request head.
        var head: [UInt8] = []
        /// How far the search for its end has gone.
        var progress = HeadProgress()
        /// Finds the rest of a request's content. Nil if none is to arrive.
        var content: ContentDecoder?
        /// The content so far, if its resource wants it.
        var body: [UInt8] = []
        /// Input that was read but not handled, because the client had its share, or because an
        /// earlier command waits.
        var input: [UInt8] = []
        /// The command that waits for the store.
        var waiting: WaitingCommand?
        /// Set in the middle of an answer to `history`.
        var answering: Answering?
        /// Replies in frames that follow the answer.
        var replies: [UInt8] = []
        /// The bytes that the connection counts for in the account of all.
        var counted = 0

        var isEmpty: Bool {
            head.isEmpty && content == nil && body.isEmpty && input.isEmpty && waiting == nil
                && answering == nil && replies.isEmpty && counted == 0
        }

        /// Bytes of memory that it takes. 0 if it keeps nothing.
        var bytes: Int {
            let bytes =
                head.capacity + body.capacity + input.capacity + replies.capacity
                + (waiting?.bytes ?? 0)
            return bytes > 0 ? bytes + Self.overhead : 0
        }
    }
}
