internal import Reactor
internal import WebSocket

/// One connection, seen from its client.
struct Client: Slot, ~Copyable {
    enum Phase {
        /// TCP connects.
        case connecting
        /// The request of the opening handshake is on its way, or was answered in part.
        case opening
        case open
        /// Our Close was sent.
        case closing
        /// The socket is closed.
        case ended
    }

    var socket: Socket
    var phase = Phase.connecting
    var session = Session()
    /// Sent in the opening handshake.
    let key: InlineArray<16, UInt8>
    /// What has come of a response's head.
    var head: [UInt8] = []
    /// What the kernel hasn't taken yet.
    var pending: [UInt8] = []

    init(socket: Socket) {
        self.socket = socket
        key = InlineArray { _ in UInt8.random(in: .min ... .max) }
    }

    static func vacant() -> Client { Client(socket: .none) }
}
