import Reactor
import Testing

@testable import ChatClient

/// A client and its server on loopback, both on one network.
final class Loopback {
    private static let listenerToken = Token.listener(0)
    private static let serverToken = Token(index: 1, generation: 1)
    private static let clientToken = Token(index: 2, generation: 1)
    /// Milliseconds to wait for an expected event.
    private static let patience: Int32 = 30_000

    private var network: LinuxNetwork
    private let listener: Socket
    let address: SocketAddress
    private var server = Socket.none
    private var outbox = Outbox()
    var connection: ClientConnection
    /// The bytes that the server has received.
    private(set) var received: [UInt8] = []
    private(set) var serverSeesEnd = false
    private(set) var events: [ClientConnection.Event] = []
    private var buffer = [UInt8](repeating: 0, count: ClientConnection.receiveBytes)

    /// The server's address comes after `unreachable` addresses without a listener.
    init(unreachable: Int = 0, isThere: Bool = true) throws {
        network = try LinuxNetwork()
        let (socket, address) = try Listener.listen(host: "127.0.0.1", port: 0, sendBuffer: 0)[0]
        (listener, self.address) = (socket, address)
        try network.register(listener, token: Self.listenerToken, interest: .readable)
        // A process that listens on our port does so at our address.
        var addresses = (0..<unreachable).map { number in
            SocketAddress(ipv4: 0x7F00_0002 + UInt32(number), port: address.port)
        }
        if isThere { addresses.append(address) }
        connection = ClientConnection(
            to: try WebSocketURL("ws://\(address)/ws"), at: addresses, token: Self.clientToken,
            rules: ClientRules(messageBytes: 1_000, subprotocols: ["hubbub.v1"]))
        connection.connect(over: &network, at: network.now(), events: &events)
    }

    deinit {
        network.close(listener)
        if server != .none { network.close(server) }
    }

    /// Runs until the client has this many events.
    func run(untilEvents count: Int) throws -> [ClientConnection.Event] {
        while events.count < count { try turn() }
        return events
    }

    /// Runs until the server has received enough.
    func run(until isEnough: ([UInt8]) -> Bool) throws -> [UInt8] {
        while !isEnough(received) { try turn() }
        defer { received = [] }
        return received
    }

    func runUntilServerSeesEnd() throws {
        while !serverSeesEnd { try turn() }
    }

    private func turn() throws {
        var ready: [ReadyEvent] = []
        try network.wait(milliseconds: Self.patience, into: &ready)
        try #require(!ready.isEmpty)
        for event in ready {
            switch event.token {
            case Self.listenerToken:
                guard case .connection(let socket, _) = try network.accept(from: listener) else {
                    continue
                }
                server = socket
                try network.register(server, token: Self.serverToken, interest: .readable)
            case Self.serverToken: receive()
            case Self.clientToken:
                connection.becameReady(
                    event.readiness, over: &network, at: network.now(), buffer: &buffer,
                    events: &events)
            default: break
            }
        }
    }

    private func receive() {
        guard server != .none else { return }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        var span = bytes.mutableSpan
        switch network.receive(from: server, into: &span) {
        case .bytes(let count): received += bytes[..<count]
        case .wouldBlock, .exhausted: break
        case .end, .broken:
            serverSeesEnd = true
            endServer()
        }
    }

    func serve(_ bytes: [UInt8]) {
        #expect(outbox.send(bytes, over: &network, to: server) == .sent(bytes.count))
    }

    /// Accepts the client's request for a WebSocket.
    func accept() throws {
        let request = try run { $0.suffix(4) == Array("\r\n\r\n".utf8)[...] }
        serve(try ServerEnd.response(to: request, subprotocols: ["hubbub.v1"]))
    }

    func endServer() {
        network.close(server)
        server = .none
    }

    func say(_ text: String) {
        connection.send(text: Array(text.utf8), over: &network, events: &events)
    }

    func close() {
        connection.close(over: &network, events: &events)
    }

    func passDeadline() {
        connection.deadlinePassed(over: &network, at: network.now(), events: &events)
    }

    var isOpen: Bool { connection.isOpen }
    var hasEnded: Bool { connection.hasEnded }
    var deadline: Instant? { connection.deadline }
}
