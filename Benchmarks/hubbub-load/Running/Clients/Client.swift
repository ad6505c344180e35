internal import ChatClient
internal import Reactor
internal import TLS

/// The client's side of one connection.
struct Client: Slot, ~Copyable {
    enum Phase {
        /// There is no socket.
        case closed
        /// TCP is connecting.
        case connecting
        /// TCP is connected, and the first message of TLS or of the opening handshake is under way.
        case connected
    }

    var socket = Socket.none
    var phase = Phase.closed
    var session: ClientSession
    /// Nil without TLS.
    var tls: TLSSession?
    /// When it was due to be opened this time.
    var due = Instant(nanoseconds: 0)
    /// The time of its first attempt to reconnect.
    var goneSince: Instant?
    /// Whether it is in its room.
    var isInside = false
    /// Whether it has ever been in its room.
    var wasInside = false
    /// Whether it uses `hubbub.v1`.
    var isRich = false
    /// Whether its member keeps its position in the order while it is away, to continue there.
    var resumes = false
    /// The server's number of the room's last line when it entered.
    var enteredAt: UInt64 = 0
    /// Whether the next byte begins a frame.
    var isAligned = false
    /// Whether it isn't read now, and whether it wasn't read for a while.
    var isStalled = false
    var wasStalled = false
    /// Bytes that the kernel hasn't taken yet.
    var pending: [UInt8] = []

    init() {
        var random = SystemRandomNumberGenerator()
        session = ClientSession(using: &random)
    }

    static func vacant() -> Client { Client() }

    /// Whether the handshake of TLS isn't complete.
    var isOpeningTLS: Bool {
        switch tls {
        case .none: false
        case .some(let tls): tls.state == .handshaking
        }
    }

    /// Whether it may send lines.
    var isOpen: Bool { phase == .connected && session.isOpen }
}
