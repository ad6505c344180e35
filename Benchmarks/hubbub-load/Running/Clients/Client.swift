internal import ChatClient
internal import Reactor

/// One connection, seen from its client.
struct Client: Slot, ~Copyable {
    enum Phase {
        /// There is no socket.
        case closed
        /// TCP connects.
        case connecting
        /// TCP has taken the request of the opening handshake, or some of it.
        case connected
    }

    var socket = Socket.none
    var phase = Phase.closed
    var session: ClientSession
    /// When it was to be opened, this time.
    var due = Instant(nanoseconds: 0)
    /// Since when it has been trying to get back, from the first attempt on.
    var goneSince: Instant?
    /// Whether it has got into its room, and not left.
    var isInside = false
    /// Whether it has ever been inside.
    var wasInside = false
    /// Whether it speaks `hubbub.v1`.
    var isRich = false
    /// Whether its member keeps its place in the order while it is away, to go on there.
    var resumes = false
    /// The server's number of the room's last line when it came in.
    var enteredAt: UInt64 = 0
    /// Whether a frame begins with the next byte that comes.
    var isAligned = false
    /// Whether we don't read from it, and whether we didn't for a while.
    var isStalled = false
    var wasStalled = false
    /// What the kernel hasn't taken yet.
    var pending: [UInt8] = []

    init() {
        var random = SystemRandomNumberGenerator()
        session = ClientSession(using: &random)
    }

    static func vacant() -> Client { Client() }

    /// Whether it may send lines.
    var isOpen: Bool { phase == .connected && session.isOpen }
}
