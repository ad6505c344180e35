import Glibc
import Reactor
import Testing
import WebSocket

@testable import ChatClient

/// A client and its server on loopback, both on one network.
private final class Loopback {
    private static let listenerToken = Token.listener(0)
    private static let serverToken = Token(index: 1, generation: 1)
    private static let clientToken = Token(index: 2, generation: 1)
    /// Milliseconds after which something that should happen doesn't.
    private static let patience: Int32 = 30_000

    private var network: LinuxNetwork
    private let listener: Socket
    let address: SocketAddress
    private var server = Socket.none
    private var outbox = Outbox()
    var connection: ClientConnection
    /// What has come to the server.
    private(set) var received: [UInt8] = []
    private(set) var serverSeesEnd = false
    private(set) var events: [ClientConnection.Event] = []
    private var buffer = [UInt8](repeating: 0, count: ClientConnection.receiveBytes)

    /// `unreachable` addresses of nobody come before the server's.
    init(unreachable: Int = 0, isThere: Bool = true) throws {
        network = try LinuxNetwork()
        let (socket, address) = try Listener.listen(host: "127.0.0.1", port: 0, sendBuffer: 0)[0]
        (listener, self.address) = (socket, address)
        try network.register(listener, token: Self.listenerToken, interest: .readable)
        // Whoever listens on our port does so at our address.
        var addresses = (0..<unreachable).map { number in
            SocketAddress(ipv4: 0x7F00_0002 + UInt32(number), port: address.port)
        }
        if isThere { addresses.append(address) }
        connection = ClientConnection(
            to: try WebSocketURL("ws://\(address)/ws"), at: addresses, token: Self.clientToken,
            rules: ClientRules(messageBytes: 1_000, subprotocols: ["hubbub.v1"]))
        connection.connect(over: &network, events: &events)
    }

    deinit {
        network.close(listener)
        if server != .none { network.close(server) }
    }

    /// Goes on until so many events have come to the client.
    func run(untilEvents count: Int) throws -> [ClientConnection.Event] {
        while events.count < count { try turn() }
        return events
    }

    /// Goes on until the server has got what `isEnough`.
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
                    event.readiness, over: &network, buffer: &buffer, events: &events)
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

    /// Answers the client's request for a WebSocket.
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
        connection.deadlinePassed(over: &network, events: &events)
    }

    var isOpen: Bool { connection.isOpen }
    var hasEnded: Bool { connection.hasEnded }
    var deadline: Instant? { connection.deadline }
}

@Suite struct ClientConnectionTests {
    @Test func `texts go both ways, until the server closes`() throws {
        let loopback = try Loopback()
        try loopback.accept()
        #expect(try loopback.run(untilEvents: 1) == [.opened(subprotocol: "hubbub.v1")])
        #expect(loopback.isOpen)
        #expect(loopback.deadline == nil)
        loopback.say("hi")
        let frames = try loopback.run { $0.count >= 8 }
        #expect(try ServerEnd.read(frames) == ["text hi"])
        loopback.serve(ServerEnd.frame(.text, "hello") + ServerEnd.close(.goingAway))
        let events = try loopback.run(untilEvents: 3)
        #expect(events.dropFirst() == [.text(Array("hello".utf8)), .closed(code: 1001)])
        #expect(loopback.hasEnded)
        let answer = try loopback.run { $0.count >= 8 }
        #expect(try ServerEnd.read(answer) == ["close 1001"])
        try loopback.runUntilServerSeesEnd()
    }

    @Test func `our Close is waited for`() throws {
        let loopback = try Loopback()
        try loopback.accept()
        _ = try loopback.run(untilEvents: 1)
        loopback.close()
        #expect(!loopback.isOpen)
        #expect(!loopback.hasEnded)
        #expect(try ServerEnd.read(try loopback.run { $0.count >= 8 }) == ["close 1000"])
        loopback.serve(ServerEnd.close(.normal))
        #expect(try loopback.run(untilEvents: 2).last == .closed(code: 1000))
    }

    @Test func `addresses that refuse are passed over`() throws {
        let loopback = try Loopback(unreachable: 2)
        try loopback.accept()
        #expect(try loopback.run(untilEvents: 1) == [.opened(subprotocol: "hubbub.v1")])
    }

    @Test func `where no address lets us in, the last one's reason is told`() throws {
        let loopback = try Loopback(unreachable: 2, isThere: false)
        guard case .unreachable(_, let error) = try loopback.run(untilEvents: 1)[0] else {
            Issue.record("not told")
            return
        }
        #expect(error.errno == ECONNREFUSED)
        #expect(loopback.hasEnded)
    }

    @Test func `a refusal in HTTP is told`() throws {
        let loopback = try Loopback()
        _ = try loopback.run { $0.suffix(4) == Array("\r\n\r\n".utf8)[...] }
        loopback.serve(Array("HTTP/1.1 503 x\r\nRetry-After: 3\r\n\r\nFull.\n".utf8))
        #expect(
            try loopback.run(untilEvents: 1) == [
                .failed(.refused(HTTPRefusal(.serviceUnavailable, retryAfter: 3, text: "Full.")))
            ])
        #expect(loopback.hasEnded)
    }

    @Test func `an end without a Close is told`() throws {
        let loopback = try Loopback()
        try loopback.accept()
        _ = try loopback.run(untilEvents: 1)
        loopback.endServer()
        #expect(try loopback.run(untilEvents: 2).last == .failed(.ended))
        #expect(loopback.hasEnded)
    }

    @Test func `a server that doesn't answer is left at the deadline`() throws {
        let loopback = try Loopback()
        _ = try loopback.run { !$0.isEmpty }
        #expect(loopback.deadline != nil)
        loopback.passDeadline()
        let timeout = SystemError(errno: ETIMEDOUT, call: "opening handshake")
        #expect(try loopback.run(untilEvents: 1) == [.lost(timeout)])
        #expect(loopback.hasEnded)
        #expect(loopback.deadline == nil)
        try loopback.runUntilServerSeesEnd()
    }
}
