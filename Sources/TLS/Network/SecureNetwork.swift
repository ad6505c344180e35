public import Reactor

/// A network that encrypts the connections of some listeners, over another network. The server sees
/// such a connection as readable when there is plaintext or an end, and never knows of handshakes.
/// A connection of another listener costs one test of a bit.
///
/// A listener whose socket is ``Socket/secured`` accepts such connections. They have this mark,
/// too.
///
/// The last byte of what is encrypted is reported as sent only when the network has taken all
/// ciphertext. So the server's account of a slow client is right to within one record, and its ring
/// keeps a part of the last frame until it is really gone.
@safe
public struct SecureNetwork<
    Base: Network & ~Copyable, Session: SecureSession & ~Copyable
>: Network, ~Copyable {
    @usableFromInline var base: Base
    let pool: HandshakePool<Session>?
    let makeReport: @Sendable () -> SecurityReport
    /// Nanoseconds for the rest of a record to arrive.
    var recordTimeout: UInt64

    /// By descriptor.
    var connections: [SecureConnection<Session>?] = []
    @usableFromInline var count = 0
    /// Those of them whose handshake isn't done.
    var handshaking = 0
    var generation: UInt32 = 0
    /// Connections that the server must see, though nothing may arrive for them.
    var pending: [SecureConnection<Session>] = []
    /// The number of waits.
    var turn: UInt64 = 0
    /// Messages of handshakes that may still be read in this wait.
    var flightsLeft = 0
    /// When the last wait ended.
    var waitEnded = Instant(nanoseconds: 0)
    /// Connections that are read later, because there was no memory.
    var postponed: [SecureConnection<Session>] = []
    var records = HalfRecords()
    var counts = SecurityReport()
    /// Bytes that are kept for all connections.
    var held = 0
    public var heldBytes: Int { held }

    // Memory for one call.
    var input = [UInt8](repeating: 0, count: SecureLimits.receiveBuffer)
    var plaintext = [UInt8](repeating: 0, count: Records.plaintextSize)
    var output: [UInt8] = []
    var gather = GatherList()

    /// - Parameters:
    ///   - pool: does the handshakes. Without it no listener may be secured.
    ///   - recordTimeout: milliseconds for the rest of a record to arrive.
    ///   - report: what is known of the certificates.
    public init(
        over base: consuming Base, pool: HandshakePool<Session>?, recordTimeout: UInt64,
        report: @escaping @Sendable () -> SecurityReport = { SecurityReport() }
    ) {
        self.base = base
        self.pool = pool
        self.recordTimeout = recordTimeout &* 1_000_000
        makeReport = report
    }

    @inlinable public mutating func now() -> Instant { base.now() }
    @inlinable public mutating func wallClock() -> Int64 { base.wallClock() }
    @inlinable public mutating func takeSignal() -> Int32? { base.takeSignal() }
    @inlinable public mutating func giveBackMemory() { base.giveBackMemory() }
    public mutating func timeoutsChanged(record milliseconds: UInt64) {
        recordTimeout = milliseconds &* 1_000_000
    }
    @inlinable public mutating func pause(milliseconds: Int64) {
        base.pause(milliseconds: milliseconds)
    }

    @inlinable @inline(__always)
    public mutating func wait(
        milliseconds: Int32?, into ready: inout [ReadyEvent]
    ) throws(SystemError) {
        guard count > 0 else { return try base.wait(milliseconds: milliseconds, into: &ready) }
        try waitSecured(milliseconds: milliseconds, into: &ready)
    }

    public mutating func accept(from listener: Socket) throws(SystemError) -> AcceptOutcome {
        let outcome = try base.accept(from: listener.unsecured)
        guard listener.isSecured, case .connection(let socket, let address) = outcome else {
            return outcome
        }
        return .connection(socket.secured, address)
    }

    @inlinable @inline(__always)
    public mutating func receive(
        from socket: Socket, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome {
        guard socket.isSecured else { return base.receive(from: socket, into: &buffer) }
        return receiveSecured(from: socket, into: &buffer)
    }

    @inlinable @inline(__always)
    public mutating func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome {
        guard socket.isSecured else { return base.send(gather, to: socket) }
        return sendSecured(gather, to: socket)
    }

    @inlinable
    public mutating func register(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        guard socket.isSecured, token.listener == nil else {
            return try base.register(socket.unsecured, token: token, interest: interest)
        }
        try registerSecured(socket.unsecured, token: token, interest: interest)
    }

    @inlinable
    public mutating func change(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        guard socket.isSecured, token.listener == nil else {
            return try base.change(socket.unsecured, token: token, interest: interest)
        }
        try changeSecured(socket, token: token, interest: interest)
    }

    @inlinable
    public mutating func shutdownWriting(_ socket: Socket) {
        if socket.isSecured { return finish(socket) }
        base.shutdownWriting(socket)
    }

    @inlinable
    public mutating func close(_ socket: Socket) {
        if socket.isSecured { takeLeave(of: socket) }
        base.close(socket.unsecured)
    }

    @inlinable
    public mutating func abort(_ socket: Socket) {
        if socket.isSecured { forget(socket) }
        base.abort(socket.unsecured)
    }

    public func security(of socket: Socket) -> Security {
        guard let connection = connection(socket) else { return .none }
        return connection.phase == .plain ? .misdirected : .secured
    }

    public func securityReport() -> SecurityReport? {
        guard pool != nil else { return nil }
        var report = makeReport()
        report.add(counts)
        report.waiting = handshaking
        return report
    }

    /// The connection of a socket with the layer's mark.
    func connection(_ socket: Socket) -> SecureConnection<Session>? {
        let place = Int(socket.unsecured.rawValue)
        return socket.isSecured && place < connections.count ? connections[place] : nil
    }
}
