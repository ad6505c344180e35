import ChatServer
import Simulation
import Testing
import WebSocket

/// Clients whose compressed messages refer to earlier ones, and clients that may do so.
@Suite struct ServerContextsTests {
    private static let whole = DeflateParameters.contextBytes(windowBits: 15)

    struct Kind: Sendable, CustomTestStringConvertible {
        let name: String
        let compression: ClientCompression
        /// Bits of the client's window. Nil if the client doesn't mention it.
        var windowBits: Int?
        var keepsPromise = true

        var testDescription: String { name }
    }

    private static let kinds = [
        Kind(
            name: "Chromium, tornado, Netty", compression: .limitable, windowBits: 10),
        Kind(name: "Firefox, Safari, Mojolicious", compression: .plain),
        Kind(name: "gorilla", compression: .withoutContext),
        Kind(
            name: "a broken promise",
            compression: ClientCompression(
                ClientCompression.withoutContext.offer, breaksPromise: true)),
    ]

    private func connect(
        _ simulation: Simulation, _ compression: ClientCompression
    ) -> Client {
        let client = simulation.connect()
        client.compression = compression
        client.compression?.share = 1_000
        client.handshake()
        simulation.settle()
        return client
    }

    @Test(arguments: kinds) func `each kind of client is read`(kind: Kind) throws {
        try play(.generous()) { simulation in
            let (reader, client) = (simulation.join(), connect(simulation, kind.compression))
            #expect(client.agreedCompression?.clientMaxWindowBits == kind.windowBits)
            #expect(
                client.agreedCompression?.clientNoContextTakeover
                    == kind.compression.offer.clientNoContextTakeover)
            for number in 0..<50 {
                client.say("\(number) bottles of beer on the wall, \(number) bottles of beer")
                simulation.settle()
            }
            #expect(reader.lines.count == 50)
            #expect(client.closeCode == nil)
            client.close()
            simulation.settle()
            #expect(client.closeCode == .normal)
            #expect(simulation.inspection.promisedContextBytes == 0)
        }
    }

    @Test func `a context is made by the first compressed message, and never for a reader`() throws
    {
        try play(.generous()) { simulation in
            let (speaker, reader) = (
                connect(simulation, .plain), connect(simulation, .limitable)
            )
            speaker.compression?.share = 0
            speaker.send(.ping, [1])
            simulation.settle()
            #expect(simulation.inspection.contexts == 0)
            #expect(simulation.inspection.contextBytes == 0)
            speaker.compression?.share = 1_000
            speaker.say("hello")
            simulation.settle()
            #expect(reader.lines.count == 1)
            #expect(simulation.inspection.contexts == 1)
            #expect((1...1_000).contains(simulation.inspection.contextBytes))
        }
    }

    enum Leaving: CaseIterable {
        case close
        case reset
        case violation
        case silence
    }

    @Test(arguments: Leaving.allCases)
    func `the memory of a context is freed`(leaving: Leaving) throws {
        try play(.generous { $0.pingInterval = 5_000 }) { simulation in
            let clients = (0..<5).map { _ in connect(simulation, .plain) }
            for client in clients {
                client.say(String(repeating: "all that is said is kept ", count: 100))
            }
            simulation.settle()
            #expect(simulation.inspection.contexts == 5)
            #expect(simulation.inspection.contextBytes > 10_000)
            for client in clients {
                switch leaving {
                case .close: client.close()
                case .reset: client.link.reset()
                case .violation: client.send([0xFF, 0xFF])
                case .silence: (client.answersPings, client.endsInReturn) = (false, false)
                }
            }
            if leaving == .silence { simulation.advance(seconds: 30) }
            simulation.settle()
            let left = simulation.inspection
            #expect((left.contexts, left.contextBytes, left.promisedContextBytes) == (0, 0, 0))
        }
    }

    @Test func `over the budget of contexts, compression is declined until there is room`() throws {
        let limits = Limits.generous { $0.compressionBudget = Self.whole + 5_000 }
        try play(limits) { simulation in
            let first = connect(simulation, .plain)
            #expect(first.agreedCompression != nil)
            let second = connect(simulation, .plain)
            #expect((second.phase, second.agreedCompression) == (.open, nil))
            // A client with a small window still fits, and one without context always does.
            #expect(connect(simulation, .limitable).agreedCompression != nil)
            #expect(connect(simulation, .withoutContext).agreedCompression != nil)
            for client in simulation.clients { client.say("said") }
            simulation.settle()
            #expect(second.lines.count == 4)
            first.close()
            simulation.settle()
            #expect(connect(simulation, .plain).agreedCompression != nil)
        }
    }

    @Test func `a budget of 0 leaves compression to clients without context`() throws {
        try play(.generous { $0.compressionBudget = 0 }) { simulation in
            for compression in [ClientCompression.plain, .limitable] {
                let client = connect(simulation, compression)
                #expect((client.phase, client.agreedCompression) == (.open, nil))
            }
            let client = connect(simulation, .withoutContext)
            for number in 0..<10 { client.say("\(number) and nothing before it") }
            simulation.settle()
            #expect(client.lines.count == 10)
            #expect(simulation.inspection.contexts == 0)
        }
    }

    /// Contexts take nothing from the budget that slow clients couldn't free.
    @Test func `contexts count in the buffer budget`() throws {
        for speaks in [false, true] {
            try play(.generous { $0.bufferBudget = 150_000 }) { simulation in
                let (speaker, laggard) = (simulation.join(), simulation.join())
                let others = (0..<2).map { _ in connect(simulation, .plain) }
                #expect(others.compactMap(\.agreedCompression).count == 2)
                laggard.reads = false
                while simulation.inspection.waitingBytes < 100_000 {
                    speaker.say(String(repeating: "x", count: 1_000))
                    simulation.settle()
                }
                let text = (0..<8_000).map { "\($0 * 7_919 % 10_007) " }.joined()
                for client in others where speaks { client.send(.text, text.utf8) }
                simulation.settle()
                #expect((simulation.inspection.contextBytes > 60_000) == speaks)
                laggard.reads = true
                simulation.settle()
                #expect((laggard.ending == .reset) == speaks)
                #expect(others.allSatisfy { $0.closeCode == nil } == true)
            }
        }
    }
}
