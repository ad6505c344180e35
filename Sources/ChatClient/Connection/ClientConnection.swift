internal import Glibc
public import Reactor
public import TLS

/// One connection of a client on a network. It connects to the first of the server's addresses that
/// answers, and moves bytes between the socket and the session, under TLS if the URL says so. It
/// never blocks: the caller reports readiness, and gets events.
public struct ClientConnection: ~Copyable {
    private enum Phase {
        /// TCP is connecting.
        case connecting
        case connected
        case ended
    }

    /// Milliseconds for one address to accept the connection, and then for the server to answer the
    /// handshakes: that of TLS, and the opening handshake.
    private static let connectPatience: UInt64 = 5_000
    private static let handshakePatience: UInt64 = 10_000
    /// Bytes of one read.
    public static let receiveBytes = 65_536

    /// Bytes that may wait for a server that doesn't read. Above it the client gives up.
    private static let pendingLimit = 4 << 20

    private let token: Token
    /// What may be resumed under TLS.
    private let earlier: TLSResumption?
    /// The address in use, followed by those left to try.
    private var addresses: [SocketAddress]
    private var phase = Phase.ended
    private var socket = Socket.none
    private var stream: ClientStream
    private var outbox = Outbox()
    /// Whether the socket is watched for room.
    private var isBlocked = false
    /// When to call ``deadlinePassed(over:at:events:)``. Nil once the connection is open.
    public private(set) var deadline: Instant?

    /// Makes a connection whose socket is registered with `token`. `earlier` is the
    /// ``resumption`` of an earlier connection to this server.
    public init(
        to url: WebSocketURL, at addresses: [SocketAddress], token: Token, rules: ClientRules,
        resuming earlier: TLSResumption? = nil
    ) {
        precondition(!addresses.isEmpty)
        (self.addresses, self.token, self.earlier) = (addresses, token, earlier)
        stream = ClientStream(to: url, rules: rules)
    }

    /// Whether texts can be sent.
    public var isOpen: Bool { phase == .connected && stream.isOpen }

    /// Whether the socket is closed.
    public var hasEnded: Bool { phase == .ended }

    /// What the next connection to this server may resume, which saves both ends the proof of the
    /// certificate. Nil without TLS, and until the server has given something to resume.
    public var resumption: TLSResumption? { stream.resumption }

    /// Starts to connect.
    public mutating func connect(
        over network: inout some Network & ~Copyable, at now: Instant, events: inout [Event]
    ) {
        while let address = addresses.first {
            do throws(SystemError) {
                socket = try Connector.connect(to: address)
                phase = .connecting
                deadline = now.advanced(byMilliseconds: Self.connectPatience)
                return try network.register(socket, token: token, interest: .writable)
            } catch {
                leaveAddress(error, over: &network, events: &events)
            }
        }
    }

    /// The socket is ready. `buffer` has ``receiveBytes`` bytes; its content is meaningless
    /// afterwards.
    public mutating func becameReady(
        _ readiness: Readiness, over network: inout some Network & ~Copyable, at now: Instant,
        buffer: inout [UInt8], events: inout [Event]
    ) {
        switch phase {
        case .ended: break
        case .connecting: connected(over: &network, at: now, events: &events)
        case .connected:
            if readiness.contains(.writable) {
                flush(hasRoom: true, over: &network, events: &events)
            }
            if !readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) {
                receive(over: &network, buffer: &buffer, events: &events)
            }
        }
    }

    /// The server has taken too long.
    public mutating func deadlinePassed(
        over network: inout some Network & ~Copyable, at now: Instant, events: inout [Event]
    ) {
        switch phase {
        case .ended: break
        case .connecting:
            let error = SystemError(errno: ETIMEDOUT, call: "connect")
            leaveAddress(error, over: &network, events: &events)
            connect(over: &network, at: now, events: &events)
        case .connected:
            let error = SystemError(errno: ETIMEDOUT, call: "opening handshake")
            end(.lost(error), over: &network, events: &events)
        }
    }

    /// Sends a text. The connection must be open.
    public mutating func send(
        text: [UInt8], over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        stream.send(text: text)
        flush(over: &network, events: &events)
    }

    /// Begins the closing handshake. ``Event/closed(code:)`` or ``Event/lost(_:)`` follows if the
    /// server completes it.
    public mutating func close(
        over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        guard phase == .connected else { return drop(over: &network) }
        stream.close()
        flush(over: &network, events: &events)
    }

    /// Closes the socket at once. No event follows.
    public mutating func drop(over network: inout some Network & ~Copyable) {
        guard phase != .ended else { return }
        phase = .ended
        deadline = nil
        network.close(socket)
    }

    private mutating func leaveAddress(
        _ error: SystemError, over network: inout some Network & ~Copyable,
        events: inout [Event]
    ) {
        drop(over: &network)
        let address = addresses.removeFirst()
        if addresses.isEmpty { events.append(.unreachable(address, error)) }
    }

    /// The attempt to connect has succeeded or failed.
    private mutating func connected(
        over network: inout some Network & ~Copyable, at now: Instant, events: inout [Event]
    ) {
        do throws(SystemError) {
            try Connector.result(of: socket)
            try network.change(socket, token: token, interest: .readable)
        } catch {
            leaveAddress(error, over: &network, events: &events)
            return connect(over: &network, at: now, events: &events)
        }
        phase = .connected
        deadline = now.advanced(byMilliseconds: Self.handshakePatience)
        if let failure = stream.connected(resuming: earlier) {
            return end(.failed(failure), over: &network, events: &events)
        }
        flush(over: &network, events: &events)
    }

    private mutating func receive(
        over network: inout some Network & ~Copyable, buffer: inout [UInt8],
        events: inout [Event]
    ) {
        var span = buffer.mutableSpan
        switch network.receive(from: socket, into: &span) {
        case .bytes(let count):
            var input = span._mutatingExtracting(first: count)
            if stream.received(&input, events: &events) {
                // Send the final replies. Bytes that the kernel doesn't take at once are dropped.
                _ = outbox.send(stream.pending, over: &network, to: socket)
                return drop(over: &network)
            }
            if !stream.isOpening { deadline = nil }
            flush(over: &network, events: &events)
        case .wouldBlock, .exhausted: break
        case .end: end(stream.receivedEnd(), over: &network, events: &events)
        case .broken(let error): end(.lost(error), over: &network, events: &events)
        }
    }

    /// The connection can't go on, for the reason in `event`.
    private mutating func end(
        _ event: Event, over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        drop(over: &network)
        events.append(event)
    }

    /// Offers what waits to the kernel. If it has no room, the socket becomes writable later.
    private mutating func flush(
        hasRoom: Bool = false, over network: inout some Network & ~Copyable,
        events: inout [Event]
    ) {
        guard phase == .connected, !stream.pending.isEmpty else { return }
        guard stream.pending.count <= Self.pendingLimit else {
            return end(.lost(nil), over: &network, events: &events)
        }
        guard hasRoom || !isBlocked else { return }
        switch outbox.send(stream.pending, over: &network, to: socket) {
        case .sent(let count): stream.sent(count)
        case .wouldBlock, .exhausted: break
        case .broken(let error): return end(.lost(error), over: &network, events: &events)
        }
        watch(isBlocked: !stream.pending.isEmpty, over: &network, events: &events)
    }

    /// Watches the socket for room if it has none.
    private mutating func watch(
        isBlocked: Bool, over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        guard isBlocked != self.isBlocked else { return }
        self.isBlocked = isBlocked
        do throws(SystemError) {
            let interest: Interest = isBlocked ? [.readable, .writable] : .readable
            try network.change(socket, token: token, interest: interest)
        } catch {
            end(.lost(error), over: &network, events: &events)
        }
    }
}
