import ChatServer
import Simulation
import Testing
import WebSocket

/// A server whose process stands still is no reason to close clients that do everything right.
@Suite struct ServerStandstillTests {
    private static let standstills: [UInt64] = [1_200, 16_000, 3_600_000]

    /// Lets the server stand still between two ticks, or in the middle of one, in which it writes
    /// to a client of its own.
    private func freeze(_ simulation: Simulation, _ milliseconds: UInt64, isWithinTick: Bool) {
        if isWithinTick {
            simulation.world.standstill = milliseconds
            _ = simulation.ask("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(simulation.world.standstill == 0)
        } else {
            simulation.freeze(milliseconds: milliseconds)
        }
        simulation.advance(milliseconds: 1_500)
    }

    @Test(arguments: standstills, [false, true])
    func `a client that reads slowly isn't closed with 1013`(
        milliseconds: UInt64, isWithinTick: Bool
    ) throws {
        try play(.generous { $0.highWatermark = 1_000_000 }) { simulation in
            simulation.world.sendBuffer = 2_000
            let (slow, ann) = (simulation.join(), simulation.join())
            slow.reads = false
            simulation.chat(ann, lines: 0..<5, bytes: 1_000)
            simulation.advance(seconds: 7)
            freeze(simulation, milliseconds, isWithinTick: isWithinTick)
            slow.reads = true
            simulation.advance(seconds: 20)
            #expect(slow.closeCode == nil)
            #expect(slow.numbers == [0, 1, 2, 3, 4])
        }
    }

    @Test(arguments: standstills, [false, true])
    func `a client that has sent half a message isn't closed with 1008`(
        milliseconds: UInt64, isWithinTick: Bool
    ) throws {
        try play { simulation in
            let client = simulation.join()
            client.send(.text, "{".utf8, isFinal: false)
            simulation.advance(seconds: 27)
            freeze(simulation, milliseconds, isWithinTick: isWithinTick)
            client.send(.continuation, "}".utf8)
            simulation.advance(seconds: 20)
            #expect(client.closeCode == nil)
            #expect(client.errors.count == 1)
        }
    }

    @Test(arguments: standstills, [false, true])
    func `a client that has sent half a request gets no 408`(
        milliseconds: UInt64, isWithinTick: Bool
    ) throws {
        try play { simulation in
            let client = simulation.ask("GET /healthz HTTP/1.1\r\n")
            simulation.advance(seconds: 7)
            freeze(simulation, milliseconds, isWithinTick: isWithinTick)
            client.send("Host: a\r\n\r\n")
            simulation.settle()
            #expect(client.responses?.map(\.status) == [200])
        }
    }

    @Test(arguments: standstills, [false, true])
    func `a client whose pong is on its way isn't closed with 1011`(
        milliseconds: UInt64, isWithinTick: Bool
    ) throws {
        try play { simulation in
            let client = simulation.join()
            client.answersPings = false
            while client.pings == 0 { simulation.advance(seconds: 1) }
            simulation.advance(seconds: 7)
            freeze(simulation, milliseconds, isWithinTick: isWithinTick)
            client.send(.pong, [])
            client.answersPings = true
            simulation.advance(seconds: 60)
            #expect(client.closeCode == nil)
        }
    }

    @Test func `the time of a pong counts from its ping`() throws {
        try play { simulation in
            let client = simulation.join()
            client.answersPings = false
            while client.pings == 0 { simulation.advance(milliseconds: 250) }
            simulation.advance(milliseconds: 9_500)
            #expect(client.closeCode == nil)
            simulation.advance(seconds: 2)
            #expect(client.closeCode == .internalError)
        }
    }

    @Test func `the time of a pong begins again once a full socket takes bytes`() throws {
        try play(.generous { $0.highWatermark = 1_000_000 }) { simulation in
            simulation.world.sendBuffer = 2_000
            let (slow, ann) = (simulation.join(), simulation.join())
            slow.answersPings = false
            slow.appetite = 300
            // The ping waits behind lines, which take their time.
            for number in 0..<40 {
                ann.say("\(number) " + String(repeating: "x", count: 900))
                simulation.advance(seconds: 1)
                #expect(slow.closeCode == nil)
            }
            slow.appetite = .max
            simulation.advance(seconds: 9)
            #expect(slow.closeCode == nil)
            slow.send(.pong, [])
            slow.answersPings = true
            simulation.advance(seconds: 60)
            #expect(slow.closeCode == nil)
        }
    }

    @Test func `input that is ready is read before deadlines, however much is ready`() throws {
        try play(.generous { $0.connections = 2_000 }) { simulation in
            let clients = (0..<1_300).map { _ in simulation.join() }
            for client in clients { client.send(.text, "{".utf8, isFinal: false) }
            simulation.advance(milliseconds: 29_900)
            for client in clients { client.send(.continuation, "}".utf8) }
            // The server isn't late, but all their times end with its next tick.
            simulation.freeze(milliseconds: 500)
            simulation.settle()
            #expect(clients.allSatisfy { $0.closeCode == nil && $0.errors.count == 1 })
        }
    }

    @Test func `a socket that is writable is written to before deadlines`() throws {
        try play(.generous { $0.highWatermark = 1_000_000 }) { simulation in
            simulation.world.sendBuffer = 2_000
            let (slow, ann) = (simulation.join(), simulation.join())
            slow.reads = false
            simulation.chat(ann, lines: 0..<5, bytes: 1_000)
            simulation.advance(milliseconds: 9_900)
            slow.reads = true
            simulation.freeze(milliseconds: 500)
            simulation.settle()
            #expect(slow.closeCode == nil)
            #expect(slow.numbers == [0, 1, 2, 3, 4])
        }
    }

    @Test func `a standstill is told in the log, a late tick isn't`() throws {
        try play { simulation in
            let client = simulation.join()
            for milliseconds in [1_100, 16_300] as [UInt64] {
                #expect(simulation.logEntries == [])
                client.send(.pong, [])
                simulation.freeze(milliseconds: milliseconds)
                simulation.advance(seconds: 10)
            }
            let told = simulation.logEntries
            #expect(told.count == 1)
            #expect(
                told.first?.hasPrefix(
                    "The process stood still: all deadlines have moved by as much")
                    == true)
            #expect(told.first?.contains("seconds=16.0") == true)
        }
    }
}
