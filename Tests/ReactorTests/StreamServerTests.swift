import Reactor
import Testing

/// A server on loopback, and clients in the same thread. Each tick runs when something is ready.
@Suite(.serialized) struct StreamServerTests {
    /// The server's state for a client: the number of reads that it has answered.
    private struct Peer: ~Copyable {
        var reads = 0
    }

    private typealias Server = StreamServer<LinuxNetwork, Peer>

    private struct Stage: ~Copyable {
        var server: Server
        let address: SocketAddress
        /// The address for the clients.
        var network: LinuxNetwork

        static func open(capacity: Int = 10, patience: UInt64 = 60_000) throws -> Stage {
            let listening = try Listener.listen(host: "127.0.0.1", port: 0, sendBuffer: 8_192)[0]
            let server = try Server(
                network: LinuxNetwork(), listeners: [listening.socket], capacity: capacity,
                patience: patience, makePeer: { Peer() })
            return Stage(
                server: server, address: listening.address, network: try LinuxNetwork())
        }

        /// Connects a client, which the server has accepted or closed at once.
        mutating func connect() throws -> Socket {
            let client = try Connector.connect(to: address)
            try network.register(
                client, token: Token(index: Int(client.rawValue), generation: 1),
                interest: .readable)
            try tick()
            return client
        }

        /// The server sends back as many copies of the bytes as the first byte says, and ends the
        /// connection if the last byte is 0.
        mutating func tick() throws {
            try server.tick { peer, input, output in
                peer.reads += 1
                let isLast = input[input.count - 1] == 0
                let bytes = input.indices.map { input[$0] }
                for _ in 0..<Int(bytes[0]) * 1_024 { output += bytes }
                output.append(UInt8(peer.reads))
                return !isLast
            }
        }

        mutating func send(_ bytes: [UInt8], from client: Socket) throws {
            #expect(network.send(bytes.span, to: client) == .sent(bytes.count))
            try tick()
        }

        func connections() -> Int { server.connectionCount }

        /// The bytes for a client. Nil if the server has ended or reset the connection.
        mutating func received(by client: Socket) -> [UInt8]? {
            var all: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                var span = buffer.mutableSpan
                switch network.receive(from: client, into: &span) {
                case .bytes(let count): all += buffer[..<count]
                case .wouldBlock, .exhausted: return all
                case .end, .broken: return all.isEmpty ? nil : all
                }
            }
        }
    }

    @Test func `each client gets its own answers`() throws {
        var stage = try Stage.open()
        let (ann, bob) = (try stage.connect(), try stage.connect())
        #expect(stage.connections() == 2)
        try stage.send([0, 7], from: ann)
        try stage.send([0, 8], from: ann)
        try stage.send([0, 9], from: bob)
        #expect(stage.received(by: ann) == [1, 2])
        #expect(stage.received(by: bob) == [1])
        stage.network.close(ann)
        try stage.tick()
        #expect(stage.connections() == 1)
        stage.network.close(bob)
    }

    @Test func `a client that doesn't take its answers is not read from`() throws {
        var stage = try Stage.open()
        let (slow, other) = (try stage.connect(), try stage.connect())
        // 16 MiB, more than the buffers of any socket hold.
        let block = [64] + [UInt8](repeating: 1, count: 255)
        try stage.send(block, from: slow)
        #expect(stage.network.send([0, 1].span, to: slow) == .sent(2))
        for _ in 0..<3 { try stage.send([0, 1], from: other) }
        #expect(stage.received(by: other) == [1, 2, 3])
        var count = 0
        let whole = 64 * 1_024 * block.count + 1
        var last: UInt8 = 0
        while count < whole + 1 {
            let bytes = stage.received(by: slow) ?? []
            count += bytes.count
            last = bytes.last ?? last
            if count < whole + 1 { try stage.tick() }
        }
        #expect(count == whole + 1)
        #expect(last == 2)
        stage.network.close(slow)
        stage.network.close(other)
    }

    @Test func `the last answer arrives before the end`() throws {
        var stage = try Stage.open()
        let client = try stage.connect()
        try stage.send([1, 0], from: client)
        #expect(stage.received(by: client)?.count == 2_049)
        #expect(stage.received(by: client) == nil)
        #expect(stage.connections() == 1)
        stage.network.close(client)
        try stage.tick()
        #expect(stage.connections() == 0)
    }

    @Test func `a connection over the capacity is closed`() throws {
        var stage = try Stage.open(capacity: 1)
        let (first, second) = (try stage.connect(), try stage.connect())
        #expect(stage.connections() == 1)
        #expect(stage.received(by: second) == nil)
        #expect(stage.received(by: first) == [])
        stage.network.close(first)
        stage.network.close(second)
    }

    @Test func `a quiet connection is closed`() throws {
        var stage = try Stage.open(patience: 1)
        let client = try stage.connect()
        while stage.server.connectionCount > 0 { try stage.tick() }
        #expect(stage.received(by: client) == nil)
        stage.network.close(client)
    }
}
