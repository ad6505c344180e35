import Glibc
import Reactor
import Testing

/// The real network on loopback: a listener, and connections to it from the same process.
@Suite(.serialized) struct LinuxNetworkTests {
    private static let client = Token(index: 1, generation: 1)
    private static let server = Token(index: 2, generation: 1)

    /// A network with both ends of one connection, registered as readable.
    private struct Pair: ~Copyable {
        var network: LinuxNetwork
        let listener: Socket
        let client: Socket
        let server: Socket

        static func open(sendBuffer: Int = 0) throws -> Pair {
            var network = try LinuxNetwork()
            let listening = try Listener.listen(
                host: "127.0.0.1", port: 0, sendBuffer: sendBuffer)[0]
            let listener = listening.socket
            try network.register(listener, token: .listener(0), interest: .readable)
            let client = try Connector.connect(to: listening.address)
            try network.register(client, token: LinuxNetworkTests.client, interest: .writable)
            _ = try network.readiness(of: LinuxNetworkTests.client) { $0.contains(.writable) }
            try Connector.result(of: client)
            try network.change(client, token: LinuxNetworkTests.client, interest: .readable)
            _ = try network.readiness(of: .listener(0)) { $0.contains(.readable) }
            let server = try network.accepted(from: listener)
            let outcome = try network.accept(from: listener)
            #expect(outcome == .wouldBlock)
            try network.register(server, token: LinuxNetworkTests.server, interest: .readable)
            return Pair(network: network, listener: listener, client: client, server: server)
        }

        mutating func closeAll() {
            for socket in [listener, client, server] { network.close(socket) }
        }
    }

    @Test func `bytes pass both ways, gathered from pieces`() throws {
        var pair = try Pair.open()
        #expect(pair.network.send([[1, 2], [], [3]], to: pair.client) == .sent(3))
        #expect(try pair.network.receive(from: pair.server, as: Self.server) == [1, 2, 3])
        #expect(pair.network.send([[4]], to: pair.server) == .sent(1))
        #expect(try pair.network.receive(from: pair.client, as: Self.client) == [4])
        var buffer: [UInt8] = [0]
        var span = buffer.mutableSpan
        #expect(pair.network.receive(from: pair.server, into: &span) == .wouldBlock)
        pair.closeAll()
    }

    @Test func `a wait in nanoseconds times out or returns ready sockets`() throws {
        var pair = try Pair.open()
        pair.network.setTimerSlack(nanoseconds: 1_000)
        var ready: [ReadyEvent] = []
        try pair.network.wait(nanoseconds: 3_200_000, into: &ready)
        #expect(ready.isEmpty)
        #expect(pair.network.send([[1]], to: pair.client) == .sent(1))
        try pair.network.wait(nanoseconds: 60_000_000_000, into: &ready)
        #expect(ready.map(\.token) == [Self.server])
        pair.closeAll()
    }

    @Test func `a full socket would block and becomes writable again`() throws {
        var pair = try Pair.open(sendBuffer: 8_192)
        let block = (0..<4_096).map { UInt8(truncatingIfNeeded: $0) }
        var sent: [UInt8] = []
        var isFull = false
        while !isFull {
            switch pair.network.send([block], to: pair.server) {
            case .sent(let count): sent += block.prefix(count)
            case .wouldBlock: isFull = true
            case .exhausted, .broken: throw SystemError(errno: 0, call: "send")
            }
        }
        try pair.network.change(
            pair.server, token: Self.server, interest: [.readable, .writable])
        var received: [UInt8] = []
        while received.count < sent.count {
            received += try pair.network.receive(from: pair.client, as: Self.client)
        }
        #expect(received == sent)
        let readiness = try pair.network.readiness(of: Self.server) { $0.contains(.writable) }
        #expect(readiness == [.writable])
        #expect(pair.network.send([block], to: pair.server) == .sent(block.count))
        pair.closeAll()
    }

    @Test func `the end of one half leaves the other open`() throws {
        var pair = try Pair.open()
        pair.network.shutdownWriting(pair.client)
        let readiness = try pair.network.readiness(of: Self.server) { $0.contains(.peerClosed) }
        #expect(readiness == [.readable, .peerClosed])
        var buffer: [UInt8] = [0]
        var span = buffer.mutableSpan
        #expect(pair.network.receive(from: pair.server, into: &span) == .end)
        #expect(pair.network.send([[5]], to: pair.server) == .sent(1))
        #expect(try pair.network.receive(from: pair.client, as: Self.client) == [5])
        pair.network.shutdownWriting(pair.server)
        #expect(
            try pair.network.readiness(of: Self.server) { $0.contains(.broken) }
                .contains(.broken))
        pair.closeAll()
    }

    @Test func `an abort is a reset`() throws {
        var pair = try Pair.open()
        pair.network.abort(pair.client)
        let readiness = try pair.network.readiness(of: Self.server) { $0.contains(.broken) }
        #expect(readiness.contains(.readable))
        var buffer: [UInt8] = [0]
        var span = buffer.mutableSpan
        #expect(
            pair.network.receive(from: pair.server, into: &span)
                == .broken(SystemError(errno: ECONNRESET, call: "recv")))
        guard case .broken = pair.network.send([[1]], to: pair.server) else {
            Issue.record("a send after the reset succeeded")
            return
        }
        pair.network.close(pair.listener)
        pair.network.close(pair.server)
    }

    @Test func `a socket without interest reports nothing`() throws {
        var pair = try Pair.open()
        try pair.network.change(pair.server, token: Self.server, interest: [])
        #expect(pair.network.send([[1]], to: pair.client) == .sent(1))
        var ready: [ReadyEvent] = []
        try pair.network.wait(milliseconds: 0, into: &ready)
        #expect(ready == [])
        let other = Token(index: 2, generation: 3)
        try pair.network.change(pair.server, token: other, interest: .readable)
        #expect(try pair.network.receive(from: pair.server, as: other) == [1])
        pair.closeAll()
    }

    @Test func `a closed socket is unknown to the poller`() throws {
        var pair = try Pair.open()
        #expect(pair.network.send([[1]], to: pair.client) == .sent(1))
        _ = try pair.network.readiness(of: Self.server) { $0.contains(.readable) }
        pair.network.close(pair.server)
        var ready: [ReadyEvent] = []
        try pair.network.wait(milliseconds: 0, into: &ready)
        #expect(!ready.contains { $0.token == Self.server })
        pair.network.close(pair.client)
        pair.network.close(pair.listener)
    }

    @Test func `signals are read from the network and don't end the process`() throws {
        var network = try LinuxNetwork()
        #expect(network.takeSignal() == nil)
        raise(SIGTERM)
        _ = try network.readiness(of: .signals) { $0.contains(.readable) }
        #expect(network.takeSignal() == SIGTERM)
        #expect(network.takeSignal() == nil)
    }

    @Test func `the monotonic clock advances and the wall clock is correct`() throws {
        let network = try LinuxNetwork()
        let first = network.now()
        #expect(network.now() >= first)
        #expect(network.wallClock() > 1_767_225_600_000)
    }

    @Test func `a port in use is refused with the system's text`() throws {
        let network = try LinuxNetwork()
        let listening = try Listener.listen(host: "127.0.0.1", port: 0, sendBuffer: 0)[0]
        let error = try #require(throws: SystemError.self) {
            try Listener.listen(host: "127.0.0.1", port: listening.address.port, sendBuffer: 0)
        }
        #expect(error.errno == EADDRINUSE)
        #expect(error.description.contains("Address already in use"))
        network.close(listening.socket)
    }

    @Test func `a connection to a closed port fails`() throws {
        var network = try LinuxNetwork()
        let listening = try Listener.listen(host: "127.0.0.1", port: 0, sendBuffer: 0)[0]
        network.close(listening.socket)
        let socket = try? Connector.connect(to: listening.address)
        // Loopback may refuse in the call itself.
        guard let socket else { return }
        try network.register(socket, token: Self.client, interest: .writable)
        _ = try network.readiness(of: Self.client) { $0.contains(.broken) }
        let error = #expect(throws: SystemError.self) { try Connector.result(of: socket) }
        #expect(error?.errno == ECONNREFUSED)
        network.close(socket)
    }

    @Test func `without a host, IPv6 and IPv4 are both listened on`() throws {
        var network = try LinuxNetwork()
        let listening = try Listener.listen(host: nil, port: 0, sendBuffer: 0)
        #expect(listening.count == 1)
        #expect(listening[0].address.port != 0)
        try network.register(listening[0].socket, token: .listener(0), interest: .readable)
        let target = SocketAddress(ipv4: 0x7F00_0001, port: listening[0].address.port)
        let client = try Connector.connect(to: target)
        _ = try network.readiness(of: .listener(0)) { $0.contains(.readable) }
        let server = try network.accepted(from: listening[0].socket)
        for socket in [server, client, listening[0].socket] { network.close(socket) }
    }
}

extension LinuxNetwork {
    /// Waits for at most ten seconds until a socket has the wanted readiness.
    fileprivate mutating func readiness(
        of token: Token, where isWanted: (Readiness) -> Bool
    ) throws(SystemError) -> Readiness {
        let end = now().milliseconds + 10_000
        var ready: [ReadyEvent] = []
        while now().milliseconds < end {
            try wait(milliseconds: 100, into: &ready)
            for event in ready where event.token == token && isWanted(event.readiness) {
                return event.readiness
            }
        }
        throw SystemError(errno: ETIMEDOUT, call: "wait")
    }

    /// Accepts a waiting connection from 127.0.0.1 and returns its socket.
    fileprivate mutating func accepted(from listener: Socket) throws(SystemError) -> Socket {
        guard case .connection(let socket, let address) = try accept(from: listener) else {
            throw SystemError(errno: EAGAIN, call: "accept")
        }
        #expect(address.host == "127.0.0.1")
        return socket
    }

    /// Receives the next bytes on a socket.
    fileprivate mutating func receive(
        from socket: Socket, as token: Token
    ) throws(SystemError) -> [UInt8] {
        _ = try readiness(of: token) { $0.contains(.readable) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var span = buffer.mutableSpan
        guard case .bytes(let count) = receive(from: socket, into: &span) else {
            throw SystemError(errno: 0, call: "receive")
        }
        return Array(buffer.prefix(count))
    }
}
