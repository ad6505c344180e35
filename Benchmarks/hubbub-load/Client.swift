internal import ChatClient
internal import Reactor
internal import WebSocket

/// One connection, seen from its client.
struct Client: Slot, ~Copyable {
    enum Phase {
        /// TCP connects.
        case connecting
        /// TCP has taken the request of the opening handshake, or some of it.
        case connected
        /// The socket is closed.
        case ended
    }

    var socket: Socket
    var phase = Phase.connecting
    var session: ClientSession
    /// What the kernel hasn't taken yet.
    var pending: [UInt8] = []

    init(socket: Socket) {
        self.socket = socket
        var random = SystemRandomNumberGenerator()
        session = ClientSession(using: &random)
    }

    static func vacant() -> Client { Client(socket: .none) }

    /// Whether it may send lines.
    var isOpen: Bool { phase == .connected && session.isOpen }

    /// Whether it was opened, and we haven't said goodbye.
    var isWanted: Bool {
        isOpen || phase == .connected && session.state == .opened(.closing(startedBy: .peer))
    }
}
