/// A connection of a ``StreamServer``.
struct StreamConnection<Peer: ~Copyable>: Slot, ~Copyable {
    enum Phase {
        case open
        /// The connection ends when the waiting bytes have been sent.
        case leaving
        /// Our half is shut down. Input is dropped until the peer ends.
        case lingering
        /// The connection ends with this tick.
        case ended
    }

    let socket: Socket
    /// Nil if the slot is free.
    private var peer: Peer?
    /// The time when bytes last arrived or were sent.
    var heard: CoarseTime
    var phase = Phase.open
    var interest: Interest = .readable
    /// The bytes that wait to be sent.
    var output: [UInt8] = []

    init(socket: Socket, peer: consuming Peer?, heard: CoarseTime) {
        self.socket = socket
        self.peer = peer
        self.heard = heard
    }

    static func vacant() -> StreamConnection {
        StreamConnection(socket: .none, peer: nil, heard: CoarseTime(steps: 0))
    }

    /// Lets the server answer bytes that have arrived.
    mutating func received(
        _ input: inout MutableSpan<UInt8>,
        _ answer: (inout Peer, inout MutableSpan<UInt8>, inout [UInt8]) -> Bool
    ) {
        guard phase == .open, peer != nil else { return }
        if !answer(&peer!, &input, &output) { phase = .leaving }
    }
}
