internal import Reactor

/// A connection as the layer sees it: the socket under it, the session, and the bytes in between.
@usableFromInline
final class SecureConnection<Session: SecureSession & ~Copyable> {
    enum Phase: Equatable {
        /// Nothing has arrived.
        case fresh
        /// The handshake waits for more of the client's bytes.
        case waiting
        /// A step of the handshake is being done. Nothing is read meanwhile.
        case working
        case established
        /// The client speaks HTTP without encryption.
        case plain
        /// The connection is at its end, and the server is yet to see it. Nil: the client has ended
        /// it in order.
        case ended(SystemError?)
    }

    /// The socket under the layer.
    let socket: Socket
    let generation: UInt32
    /// What the server registered.
    var token: Token
    var interest: Interest
    /// What is registered with the network under the layer.
    var registered: Interest

    var phase = Phase.fresh
    /// It is set while the phase is ``Phase/established``.
    var session: Session?
    /// The job that the handshake goes on with. It isn't touched while the phase is
    /// ``Phase/working``.
    var job: HandshakeJob<Session>?

    /// Ciphertext that the network didn't take. While there is some, nothing more is encrypted.
    var unsent: [UInt8] = []
    /// Plaintext of a client that doesn't encrypt, which the server is yet to read.
    var plaintext: [UInt8] = []
    /// Whether the last byte that was encrypted hasn't been reported as sent. The server offers it
    /// again.
    var owesByte = false
    /// Whether our half is to be shut down once ``unsent`` is empty.
    var isFinishing = false
    /// Whether our half has said that it ends.
    var hasFinished = false
    /// Whether the network took less than it was given, and hasn't reported since that it takes
    /// more.
    var isBlocked = false
    /// When the network last had no memory for ciphertext.
    var exhausted: Instant?
    /// Since when the socket isn't used, because there is no memory for it. Nil if it is.
    var postponed: Instant?
    /// Whether it is on the list of those that the server must see without an event.
    var isPending = false
    /// The wait that last reported it to the server.
    var told: UInt64 = 0
    /// Since when a record is incomplete. Nil if none is.
    var insideRecordSince: Instant?
    /// Whether the rest of the record has taken too long.
    var isOverdue = false

    /// What the layer has counted for it of ``heldBytes``.
    var counted = 0

    init(socket: Socket, generation: UInt32, token: Token, interest: Interest) {
        self.socket = socket
        self.generation = generation
        self.token = token
        self.interest = interest
        registered = .readable
    }

    /// Whether its handshake isn't done.
    var isHandshaking: Bool {
        switch phase {
        case .fresh, .waiting, .working: true
        case .established, .plain, .ended: false
        }
    }

    /// The token under the layer.
    var layerToken: Token {
        Token(index: Int(socket.rawValue) | SecureToken.bit, generation: generation)
    }

    /// The interest that the network under the layer should have.
    var wanted: Interest {
        var wanted: Interest
        switch phase {
        case .fresh, .waiting: wanted = postponed == nil ? .readable : []
        case .working, .ended: wanted = []
        case .established, .plain: wanted = interest
        }
        let hasOwnBytes = !unsent.isEmpty && (phase != .established || isFinishing)
        if hasOwnBytes, postponed == nil { wanted.insert(.writable) }
        return wanted
    }

    /// Whether the server would find something if it read now.
    var hasInput: Bool {
        switch phase {
        case .fresh, .waiting, .working: false
        case .established: isOverdue || (session?.hasMore ?? false) || hasEnd
        case .plain: !plaintext.isEmpty
        case .ended: true
        }
    }

    /// Whether the peer has ended its half in order.
    private var hasEnd: Bool {
        guard let state = session?.state else { return false }
        return switch state {
        case .ended, .failed: true
        case .handshaking, .established: false
        }
    }

    /// Whether the server must be told about its input. An end is told in any case.
    var mustTell: Bool {
        if case .ended = phase { return true }
        return interest.contains(.readable) && hasInput
    }

    /// Bytes that are kept for the connection.
    var heldBytes: Int {
        unsent.capacity + plaintext.capacity + (session?.heldBytes ?? 0)
    }
}
