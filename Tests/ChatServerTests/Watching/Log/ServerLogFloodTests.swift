import ChatServer
import Logging
import Simulation
import Testing
import WebSocket

/// What anybody can make the server log, as often as possible.
@Suite struct ServerLogFloodTests {
    enum Flood: CaseIterable {
        case badTokens
        case foreignOrigins
        case garbage
        case connectionsOverTheLimit
        case closes
        case refusals
        case exhaustedDescriptors
    }

    private static func handshake(_ field: String) -> String {
        """
        GET /ws HTTP/1.1\r\nHost: chat.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \(field)\r\n\r\n
        """
    }

    private func act(_ flood: Flood, _ simulation: Simulation) {
        switch flood {
        case .badTokens: _ = simulation.ask(Self.handshake("Authorization: Bearer nonsense"))
        case .foreignOrigins: _ = simulation.ask(Self.handshake("Origin: https://evil.example"))
        case .garbage: _ = simulation.ask("\u{16}\u{3}\u{1} nonsense\r\n\r\n")
        case .connectionsOverTheLimit:
            _ = simulation.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        case .closes: simulation.join().close(CloseCode(rawValue: 4_000))
        case .refusals: simulation.join().send(.text, "nonsense".utf8)
        case .exhaustedDescriptors:
            simulation.world.descriptorLimit = simulation.world.openCount + 1
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.close()
            simulation.settle()
            bob.close()
            simulation.settle()
            simulation.world.descriptorLimit = .max
        }
    }

    @Test(arguments: Flood.allCases)
    func `a flood leaves a few entries, and a count of the others`(_ flood: Flood) throws {
        let limits = { (limits: inout Limits) in
            if flood == .connectionsOverTheLimit { limits.connections = 1 }
        }
        try playIdentity(origins: ["https://friend.example"], limits: limits) { simulation, _ in
            var (second, most) = (0, 0)
            let ann = simulation.join()
            for _ in 0..<60 {
                let before = simulation.logEntries.count
                for _ in 0..<20 { act(flood, simulation) }
                simulation.advance(seconds: 1)
                most = max(most, simulation.logEntries.count - before)
                second += 1
            }
            #expect(most <= 12)
            simulation.advance(seconds: 65)
            let entries = simulation.logEntries.filter { !$0.hasPrefix("Counts of a minute") }
            #expect(entries.count <= 45, "\(entries.suffix(3))")
            guard flood == .badTokens else { return ann.close() }
            let left = entries.compactMap { entry in
                entry.split(separator: " ").first { $0.hasPrefix("omitted=") }
                    .flatMap { Int($0.dropFirst(8)) }
            }
            let told = entries.count { $0.hasPrefix("A token was refused") }
            #expect(told + left.reduce(0, +) == 1_200)
            ann.close()
        }
    }

    @Test func `no text of a user is in the log, whatever its level`() throws {
        let secret = "zqxj"
        try playIdentity(logLevel: .trace) { simulation, _ in
            let token = simulation.token("\(secret)user", #","name":"\#(secret)name""#)
            for field in [
                "Authorization: Bearer \(token)", "Authorization: Bearer \(secret)",
                "Origin: https://\(secret) .example", "User-Agent: \(secret)",
                "Cookie: \(secret)=\(secret)", "X-Forwarded-For: \(secret)",
                "Sec-WebSocket-Protocol: hubbub.v1, bearer.\(secret)",
            ] {
                let ann = simulation.connectRichly(with: field)
                ann.join("go", as: "\(secret)ann", id: "\(secret)1")
                ann.say("\(secret) hi", in: "go")
                ann.say("\(secret) hi", in: "nowhere")
                ann.authenticate(secret, id: "\(secret)2")
                ann.send(.text, #"{"type":"\#(secret)"}"#.utf8)
                ann.send(.text, secret.utf8)
                simulation.settle()
                ann.close(CloseCode(rawValue: 4_001))
                simulation.settle()
            }
            let bob = simulation.join()
            bob.say("\(secret) hello")
            bob.send(.text, #"{"username":"\#(secret)","message":"\#(secret)"}"#.utf8)
            bob.send(.binary, secret.utf8)
            for target in ["/\(secret)", "/r/\(secret)?\(secret)", "/ws?token=\(secret)"] {
                _ = simulation.ask("GET \(target) HTTP/1.1\r\nHost: \(secret)\r\n\r\n")
                _ = simulation.ask("POST \(target) HTTP/1.1\r\nHost: \(secret)\r\n\r\n\(secret)")
            }
            _ = simulation.ask("\(secret) \(secret)\r\n\r\n")
            simulation.advance(seconds: 61)
            #expect(simulation.logEntries.count > 50)
            #expect(!simulation.logEntries.contains { $0.contains(secret) })
        }
    }
}
