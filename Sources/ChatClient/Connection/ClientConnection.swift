internal import Glibc
public import Reactor
internal import WebSocket

/// One connection of a client on a network. It connects to the first of the server's addresses that
/// answers, and moves bytes between the socket and the session. It never blocks: the caller reports
/// readiness, and gets events.
public struct ClientConnection: ~Copyable {
    private enum Phase {
        /// TCP is connecting.
        case connecting
        case connected
        case ended
    }

    /// Milliseconds for one address to accept the connection, and then for the server to answer the
    /// opening handshake.
    private static let connectPatience: UInt64 = 5_000
    private static let handshakePatience: UInt64 = 10_000
    /// Bytes of one read.
    public static let receiveBytes = 65_536

    /// Bytes that may wait for a server that doesn't read. Above it the client gives up.
    private static let pendingLimit = 4 << 20

    private let url: WebSocketURL
    private let rules: ClientRules
    private let token: Token
    /// The address in use, followed by those left to try.
    private var addresses: [SocketAddress]
    private var phase = Phase.ended
    private var socket = Socket.none
    private var session: ClientSession
    private var outbox = Outbox()
    /// Bytes that the kernel hasn't taken yet.
    private var pending: [UInt8] = []
    private var random = SystemRandomNumberGenerator()
    /// When to call ``deadlinePassed(over:at:events:)``. Nil once the connection is open.
    public private(set) var deadline: Instant?

    /// Makes a connection whose socket is registered with `token`.
    public init(
        to url: WebSocketURL, at addresses: [SocketAddress], token: Token, rules: ClientRules
    ) {
        precondition(!addresses.isEmpty)
        (self.url, self.addresses, self.token, self.rules) = (url, addresses, token, rules)
        session = ClientSession(using: &random)
    }

    /// Whether texts can be sent.
    public var isOpen: Bool { phase == .connected && session.isOpen }

    /// Whether the socket is closed.
    public var hasEnded: Bool { phase == .ended }

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
            if readiness.contains(.writable) { flush(over: &network, events: &events) }
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
            lost(error, over: &network, events: &events)
        }
    }

    /// Sends a text. The connection must be open.
    public mutating func send(
        text: [UInt8], over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        var frame: [UInt8] = []
        session.send(text: text.span, into: &frame, using: &random)
        send(frame, over: &network, events: &events)
    }

    /// Begins the closing handshake. ``Event/closed(code:)`` or ``Event/lost(_:)`` follows if the
    /// server completes it.
    public mutating func close(
        over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        guard phase == .connected else { return drop(over: &network) }
        var frame: [UInt8] = []
        session.close(.normal, into: &frame, using: &random)
        send(frame, over: &network, events: &events)
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
        var request: [UInt8] = []
        session.writeRequest(
            host: url.authority, target: url.resource, rules: rules, into: &request)
        send(request, over: &network, events: &events)
    }

    private mutating func receive(
        over network: inout some Network & ~Copyable, buffer: inout [UInt8],
        events: inout [Event]
    ) {
        var span = buffer.mutableSpan
        switch network.receive(from: socket, into: &span) {
        case .bytes(let count):
            var input = span._mutatingExtracting(first: count)
            received(&input, over: &network, events: &events)
        case .wouldBlock, .exhausted: break
        case .end: lost(nil, over: &network, events: &events)
        case .broken(let error): lost(error, over: &network, events: &events)
        }
    }

    private mutating func received(
        _ input: inout MutableSpan<UInt8>, over network: inout some Network & ~Copyable,
        events: inout [Event]
    ) {
        var offset = 0
        var replies: [UInt8] = []
        var hasEnded = false
        while !hasEnded,
            let event = session.next(
                in: &input, from: &offset, rules: rules, output: &replies, using: &random)
        {
            switch event {
            case .opened(let subprotocol):
                deadline = nil
                events.append(.opened(subprotocol: subprotocol))
            case .text(let payload): events.append(.text(payload.bytes(in: input.span)))
            case .binary, .ping, .pong: break
            case .closed(let code):
                events.append(.closed(code: code?.rawValue))
                hasEnded = true
            case .failed(let failure):
                events.append(.failed(failure))
                hasEnded = true
            }
        }
        if hasEnded {
            // Send the final replies. Bytes that the kernel doesn't take at once are dropped.
            _ = outbox.send(pending + replies, over: &network, to: socket)
            drop(over: &network)
        } else {
            send(replies, over: &network, events: &events)
        }
    }

    private mutating func lost(
        _ error: SystemError?, over network: inout some Network & ~Copyable,
        events: inout [Event]
    ) {
        drop(over: &network)
        if error == nil, case .failed(let failure) = session.receivedEnd() {
            events.append(.failed(failure))
        } else {
            events.append(.lost(error))
        }
    }

    private mutating func send(
        _ bytes: [UInt8], over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        guard !bytes.isEmpty, phase == .connected else { return }
        pending += bytes
        guard pending.count <= Self.pendingLimit else {
            return lost(nil, over: &network, events: &events)
        }
        // Otherwise the socket becomes writable when the kernel takes more.
        if pending.count == bytes.count { flush(over: &network, events: &events) }
    }

    private mutating func flush(
        over network: inout some Network & ~Copyable, events: inout [Event]
    ) {
        switch outbox.send(pending, over: &network, to: socket) {
        case .sent(let count): pending.removeFirst(count)
        case .wouldBlock, .exhausted: break
        case .broken(let error): return lost(error, over: &network, events: &events)
        }
        do throws(SystemError) {
            let interest: Interest = pending.isEmpty ? .readable : [.readable, .writable]
            try network.change(socket, token: token, interest: interest)
        } catch {
            lost(error, over: &network, events: &events)
        }
    }
}
