import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// New settings reach each part of a running server, for new work and for existing connections.
@Suite struct ServerSettingsTests {
    private func request(_ target: String, origin: String) -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "Origin: \(origin)\r\n\r\n"
    }

    @Test func `the limit of a text holds for the next line`() throws {
        try play(.generous()) { simulation in
            let client = simulation.join()
            simulation.reload { $0.limits.chat.textCharacters = 3 }
            client.say("abcd")
            client.say("abc")
            simulation.settle()
            #expect(client.errorCodes == ["message_too_long"])
            #expect(client.lines.map(\.message) == ["abc"])
        }
    }

    @Test func `a rate holds at once, and a higher one isn't held up by the lower one`() throws {
        try play(.generous()) { simulation in
            let client = simulation.join()
            simulation.reload { ($0.limits.chat.linesPerSecond, $0.limits.chat.lineBurst) = (1, 1) }
            simulation.chat(client, lines: 0..<3)
            #expect(client.numbers == [0])
            simulation.reload {
                ($0.limits.chat.linesPerSecond, $0.limits.chat.lineBurst) = (1_000_000, 1_000)
            }
            simulation.chat(client, lines: 3..<9)
            #expect(client.numbers == [0, 3, 4, 5, 6, 7, 8])
        }
    }

    @Test func `limits of bytes and work begin, change and end under open connections`() throws {
        try play(.generous { ($0.costPerSecond, $0.bytesPerSecond) = (0, 0) }) { simulation in
            let clients = (0..<5).map { _ in simulation.join() }
            for (cost, bytes) in [(2_000, 100_000), (200, 5_000), (0, 0), (50, 1_000), (0, 0)] {
                simulation.reload {
                    ($0.limits.costPerSecond, $0.limits.bytesPerSecond) = (cost, bytes)
                }
                for client in clients { simulation.chat(client, lines: 0..<3) }
                simulation.advance(seconds: 100)
            }
            #expect(clients.allSatisfy { $0.numbers.count == 75 && $0.closeCode == nil })
        }
    }

    @Test func `a connection in debt pays it off at the new rate`() throws {
        try play(
            .generous {
                ($0.costPerSecond, $0.costBurst, $0.debtTimeout) = (100, 200, 0)
                ($0.chat.linesPerSecond, $0.chat.lineBurst) = (1_000_000, 1_000_000)
            }
        ) { simulation in
            let client = simulation.join()
            for number in 0..<400 { client.say("\(number)") }
            simulation.settle()
            let before = client.numbers.count
            #expect(before < 400)
            simulation.reload {
                ($0.limits.costPerSecond, $0.limits.costBurst) = (1_000_000, 1_000_000)
            }
            simulation.advance(seconds: 2)
            #expect(client.numbers.count == 400)
        }
    }

    @Test func `origins hold for the next handshake, and on the page`() throws {
        try play { simulation in
            let first = simulation.ask(request("/ws", origin: "https://b.example"))
            #expect(first.status == 101)
            simulation.reload { $0.origins = ["https://a.example"] }
            simulation.settle()
            #expect(simulation.ask(request("/ws", origin: "https://b.example")).status == 403)
            #expect(simulation.ask(request("/ws", origin: "https://a.example")).status == 101)
            let page = simulation.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").responses?.last
            #expect(
                page?.fields["content-security-policy"]?.contains("https://a.example") == true)
            #expect(first.ending == nil)
        }
    }

    @Test func `a connection without a deadline gets one`() throws {
        try play(.generous { $0.pingInterval = 0 }) { simulation in
            let client = simulation.join()
            client.answersPings = false
            simulation.advance(seconds: 100)
            #expect(client.closeCode == nil && simulation.connectionCount == 1)
            simulation.reload { ($0.limits.pingInterval, $0.limits.pongTimeout) = (5_000, 5_000) }
            simulation.advance(seconds: 20)
            #expect(simulation.connectionCount == 0)
        }
    }

    @Test func `addresses are counted from when a limit begins`() throws {
        try play { simulation in
            let early = simulation.join()
            simulation.reload { $0.limits.connectionsPerAddress = 1 }
            let first = simulation.join()
            #expect(simulation.join().status == 503)
            simulation.reload { $0.limits.connectionsPerAddress = 0 }
            simulation.settle()
            for client in [early, first] {
                client.close()
                client.finish()
            }
            simulation.settle()
            simulation.reload { $0.limits.connectionsPerAddress = 1 }
            simulation.settle()
            let next = simulation.join()
            #expect(next.closeCode == nil && next.status == 101)
        }
    }

    @Test func `logs that have become too large are trimmed in the same tick`() throws {
        try play(.generous()) { simulation in
            let client = simulation.join()
            simulation.chat(client, lines: 0..<100, bytes: 1_000)
            #expect(simulation.inspection.roomLogBytes > 100_000)
            simulation.change { $0.limits.roomLogBytes = 5_000 }
            simulation.tickServer()
            #expect(simulation.inspection.roomLogBytes <= 5_000)
        }
    }

    @Test func `half a request that is too long now is refused`() throws {
        try play { simulation in
            let client = simulation.connect()
            client.send("GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 5_000))
            simulation.settle()
            simulation.reload { $0.limits.headBytes = 1_024 }
            client.send("a\r\n\r\n")
            simulation.settle()
            #expect(client.status == 431)
        }
    }

    @Test func `half a message that is too long now is refused`() throws {
        try play(.generous()) { simulation in
            let client = simulation.join()
            client.send(.text, String(repeating: "a", count: 5_000).utf8, isFinal: false)
            simulation.settle()
            simulation.reload { $0.limits.messageBytes = 1_000 }
            client.send(.continuation, "a".utf8)
            simulation.settle()
            #expect(client.closeCode == .messageTooBig)
        }
    }

    @Test func `the number of connections stays`() throws {
        try play(.generous { $0.connections = 2 }) { simulation in
            simulation.reload { $0.limits.connections = 5 }
            _ = (simulation.join(), simulation.join())
            #expect(simulation.join().status == 503)
        }
    }

    @Test func `settings change while clients wait for what was queued before`() throws {
        try play(.generous()) { simulation in
            simulation.world.sendBuffer = 2_000
            let (slow, ann) = (simulation.join(), simulation.join())
            slow.reads = false
            simulation.chat(ann, lines: 0..<50, bytes: 1_000)
            simulation.reload {
                ($0.limits.highWatermark, $0.limits.lowWatermark) = (2_000, 1_000)
                $0.limits.bufferBudget = 10_000_000
            }
            simulation.chat(ann, lines: 50..<60, bytes: 1_000)
            slow.reads = true
            simulation.advance(seconds: 5)
            #expect(slow.numbers == Array(0..<60))
        }
    }
}

extension Simulation {
    /// New settings arrive, and the server takes them.
    fileprivate func reload(_ change: (inout Settings) -> Void) {
        self.change(change)
        settle()
    }
}
