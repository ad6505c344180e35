internal import Reactor
internal import WebSocket

/// One client: a socket, the protocol's state on it, and what waits on either side.
struct Connection: Slot, ~Copyable {
    enum Phase {
        /// The request head is awaited.
        case handshake
        /// Messages go to and fro.
        case open
        /// Last words wait to go out; what comes in is dropped (RFC 6455 §1.4).
        case closing
        /// Our half is shut down; what comes in is dropped until the peer ends.
        case lingering
        /// Ends with this tick.
        case ended
    }

    let socket: Socket
    var phase = Phase.handshake
    var interest: Interest = .readable
    var session = Session()
    /// Nil where permessage-deflate was not negotiated.
    var compression: Compression?
    /// The part of a request head that has come and, once open, frames that must wait until the
    /// echoes of those before them have gone out.
    var input: [UInt8] = []
    /// How far the search for the end of the head went.
    var headProgress = HeadProgress()
    var outbound = OutboundQueue()
    /// The kernel refused bytes: wait until the socket is writable.
    var isBlocked = false
    /// Is on the list of this tick's pending writes.
    var isFlushing = false
    /// The peer has sent all that it will send.
    var peerEnded = false

    init(socket: Socket) {
        self.socket = socket
    }

    static func vacant() -> Connection {
        Connection(socket: .none)
    }

    /// Who doesn't take the echo is not read from, so that what waits is bounded.
    var isHeld: Bool {
        phase == .open && outbound.count > EchoLimits.highWatermark
    }

    /// What the poller is to watch the socket for.
    var wantedInterest: Interest {
        var wanted: Interest = []
        if !isHeld && !peerEnded { wanted.insert(.readable) }
        if isBlocked { wanted.insert(.writable) }
        return wanted
    }
}
