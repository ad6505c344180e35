internal import Reactor
internal import WebSocket

/// One client: a socket, its protocol state, and the bytes that wait in both directions.
struct Connection: Slot, ~Copyable {
    enum Phase {
        /// Waiting for the request head.
        case handshake
        /// Messages pass in both directions.
        case open
        /// The last bytes wait to be sent. Incoming bytes are dropped (RFC 6455 §1.4).
        case closing
        /// Our half is shut down. Incoming bytes are dropped until the peer ends.
        case lingering
        /// It ends with this tick.
        case ended
    }

    let socket: Socket
    var phase = Phase.handshake
    var interest: Interest = .readable
    var session = Session()
    /// Nil if permessage-deflate was not negotiated.
    var compression: Compression?
    /// The part of a request head that has arrived or, once open, frames that must wait until
    /// earlier echoes have gone out.
    var input: [UInt8] = []
    /// The state of parsing the head.
    var headProgress = HeadProgress()
    var outbound = OutboundQueue()
    /// The kernel refused bytes: wait until the socket is writable.
    var isBlocked = false
    /// Whether it is on the list of this tick's pending writes.
    var isFlushing = false
    /// The peer has ended its sending half.
    var peerEnded = false

    init(socket: Socket) {
        self.socket = socket
    }

    static func vacant() -> Connection {
        Connection(socket: .none)
    }

    /// Whether reading stops because the client doesn't take its echoes. This bounds the waiting
    /// bytes.
    var isHeld: Bool {
        phase == .open && outbound.count > EchoLimits.highWatermark
    }

    /// The interest that the connection needs.
    var wantedInterest: Interest {
        var wanted: Interest = []
        if !isHeld && !peerEnded { wanted.insert(.readable) }
        if isBlocked { wanted.insert(.writable) }
        return wanted
    }
}
