import ChatServer
import Logging
import Reactor
import Simulation
import Testing
import WebSocket

@Suite struct ConnectionLogTests {
    private static let own = [
        "Connection ", "Chat opened", "Room ", "Command", "Request answered", "Frame",
    ]

    /// What the log has of connections, at a level.
    private func entries(
        _ level: Logger.Level, proxies: TrustedProxies = TrustedProxies(),
        _ scene: (Simulation) throws -> Void
    ) throws -> [String] {
        var entries: [String] = []
        try play(.generous { $0.connections = 2 }, proxies: proxies, logLevel: level) {
            simulation in
            try scene(simulation)
            simulation.settle()
            entries = simulation.logEntries.filter { entry in
                Self.own.contains { entry.hasPrefix($0) }
            }
        }
        return entries
    }

    private func scene(_ simulation: Simulation) {
        let ann = simulation.enter("go", as: "ann")
        ann.say("a secret", in: "go")
        ann.say("nowhere", in: "other")
        simulation.settle()
        _ = simulation.ask("GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let (bob, _) = (simulation.join(from: .of(7)), simulation.join(from: .of(8)))
        bob.say("hi")
        simulation.advance(milliseconds: 1_500)
        bob.close(CloseCode(rawValue: 4_001))
        simulation.settle()
    }

    @Test func `info has nothing of single connections`() throws {
        #expect(try entries(.info, scene) == [])
    }

    @Test func `debug has where connections come from, where they go, and what is refused`() throws
    {
        #expect(
            try entries(.debug, scene) == [
                "Connection opened address=192.0.2.1:1 connection=1",
                "Chat opened connection=1 dialect=rich",
                "Room entered connection=1 room=go",
                "Command refused code=not_joined connection=1",
                "Connection opened address=192.0.2.1:1 connection=2",
                "Request answered connection=2 status=404",
                "Connection closed connection=2 seconds=0.0",
                "Connection opened address=192.0.2.7:1 connection=3",
                "Chat opened connection=3 dialect=plain",
                "Room entered connection=3 room=lobby",
                "Connection refused address=192.0.2.8:1",
                "Room left connection=3 room=lobby",
                "Connection closed code=4001 connection=3 seconds=1.5",
            ])
    }

    @Test func `trace has each request, frame and command by its kind, and never a text`() throws {
        let entries = try entries(.trace) { simulation in
            scene(simulation)
            _ = simulation.ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        func count(_ text: String) -> Int { entries.count { $0.hasPrefix(text) } }
        #expect(count("Frame connection=1 kind=text") == 3)
        #expect(count("Command connection=1 kind=join") == 1)
        #expect(count("Command connection=1 kind=message") == 2)
        #expect(count("Frame connection=3 kind=text") == 1)
        #expect(count("Frame connection=3 kind=close") == 1)
        #expect(entries.contains { $0.hasSuffix(" status=200") })
        #expect(!entries.contains { $0.contains("secret") || $0.contains("nowhere") })
    }

    @Test func `a client behind a trusted proxy is named`() throws {
        let block = try #require(AddressBlock("192.0.2.1"))
        let entries = try entries(.debug, proxies: TrustedProxies([block])) { simulation in
            _ = simulation.ask(
                """
                GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                X-Forwarded-For: 203.0.113.5\r\n\r\n
                """)
        }
        #expect(entries.contains("Chat opened client=203.0.113.5 connection=1 dialect=plain"))
    }
}
