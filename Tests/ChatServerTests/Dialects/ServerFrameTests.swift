import ChatServer
import Simulation
import Testing
import WebSocket

@Suite struct ServerFrameTests {
    private static let line = #"{"username":"ann","message":"Zoë says 👋"}"#

    @Test func `frames may be cut anywhere`() throws {
        try play(.generous()) { simulation in
            let client = simulation.join()
            let bytes =
                client.frame(.text, Self.line.utf8.prefix(20), isFinal: false)
                + client.frame(.ping, "ping".utf8)
                + client.frame(.continuation, Self.line.utf8.dropFirst(20))
                + client.frame(.text, Self.line.utf8)
            for cut in 1..<bytes.count {
                client.send(bytes[..<cut])
                simulation.settle()
                client.send(bytes[cut...])
                simulation.settle()
            }
            for byte in bytes {
                client.send([byte])
                simulation.settle()
            }
            #expect(client.lines.count == 2 * bytes.count)
            #expect(Set(client.lines.map(\.message)) == ["Zoë says 👋"])
            #expect(client.pongs.count == bytes.count)
        }
    }

    struct Breach: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let code: CloseCode

        var testDescription: String { name }
    }

    /// The masking key is zero, which leaves the payload unchanged.
    private static let breaches = [
        Breach(name: "not masked", bytes: [0x81, 0x01, 0x61], code: .protocolError),
        Breach(name: "reserved bit", bytes: [0xC1, 0x80], code: .protocolError),
        Breach(name: "reserved opcode", bytes: [0x83, 0x80], code: .protocolError),
        Breach(name: "length not minimal", bytes: [0x81, 0xFE, 0, 5], code: .protocolError),
        Breach(name: "fragmented ping", bytes: [0x09, 0x80], code: .protocolError),
        Breach(name: "long ping", bytes: [0x89, 0xFE], code: .protocolError),
        Breach(
            name: "continuation of nothing", bytes: [0x80, 0x80, 0, 0, 0, 0], code: .protocolError),
        Breach(
            name: "message in a message", bytes: [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],
            code: .protocolError),
        Breach(
            name: "Close of one byte", bytes: [0x88, 0x81, 0, 0, 0, 0, 3], code: .protocolError),
        Breach(
            name: "Close with 1005", bytes: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED],
            code: .protocolError),
        Breach(
            name: "Close with no UTF-8", bytes: [0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0xFF],
            code: .invalidPayload),
        Breach(name: "no UTF-8", bytes: [0x81, 0x81, 0, 0, 0, 0, 0xFF], code: .invalidPayload),
        Breach(
            name: "no UTF-8 at the start of a fragment", bytes: [0x01, 0x8A, 0, 0, 0, 0, 0xFF],
            code: .invalidPayload),
        Breach(name: "binary", bytes: [0x82, 0x80, 0, 0, 0, 0], code: .unsupportedData),
        Breach(name: "too big", bytes: [0x81, 0xFE, 0x03, 0xE9], code: .messageTooBig),
        Breach(
            name: "much too big", bytes: [0x81, 0xFF, 0x00, 0xFF, 0, 0, 0, 0, 0, 0],
            code: .messageTooBig),
    ]

    @Test(arguments: breaches)
    func `a violation closes only its own connection`(_ breach: Breach) throws {
        try play(.generous { $0.messageBytes = 1_000 }) { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.send(breach.bytes)
            // Bytes after a violation don't matter.
            ann.say("too late")
            simulation.settle()
            #expect(ann.closeCode == breach.code)
            #expect(ann.ending == .finished)
            bob.say("hi")
            simulation.settle()
            #expect(bob.lines.map(\.message) == ["hi"])
            #expect(simulation.connectionCount == 1)
        }
    }

    @Test func `an assembled message may reach the limit but not exceed it`() throws {
        try play(.generous { $0.messageBytes = 1_000 }) { simulation in
            let client = simulation.join()
            let frame = #"{"username":"ann","message":""}"#.utf8.count
            client.say(String(repeating: "x", count: 1_000 - frame))
            simulation.settle()
            #expect(client.lines.count == 1)
            client.send(.text, [UInt8](repeating: 0x20, count: 600), isFinal: false)
            simulation.settle()
            #expect(client.closeCode == nil)
            client.send(.continuation, [UInt8](repeating: 0x20, count: 401))
            simulation.settle()
            #expect(client.closeCode == .messageTooBig)
        }
    }

    @Test(arguments: [1000, 1001, 1007, 1011, 3000, 4999, nil] as [UInt16?])
    func `a Close is answered with its code`(_ code: UInt16?) throws {
        try play { simulation in
            let client = simulation.join()
            client.close(code.map(CloseCode.init(rawValue:)))
            simulation.settle()
            #expect(client.closeCode?.rawValue == code ?? 1005)
            #expect(client.ending == .finished)
            simulation.settle()
            #expect(simulation.connectionCount == 0)
            // Clients choose codes from 4000 freely, so these are counted together.
            #expect(simulation.metrics.closes == [min(code ?? 1005, 4000): 1])
        }
    }

    @Test func `the other members get the lines before a Close`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.say("bye")
            ann.close()
            simulation.settle()
            #expect(bob.lines.map(\.message) == ["bye"])
            #expect(ann.lines == bob.lines)
            #expect(ann.closeCode == .normal)
        }
    }

    @Test func `a client that disconnects without a Close leaves its room`() throws {
        try play { simulation in
            let (ann, bob, cy) = (simulation.join(), simulation.join(), simulation.join())
            ann.finish()
            bob.link.reset()
            simulation.settle()
            #expect(simulation.connectionCount == 1)
            #expect(simulation.metrics.closes == [1006: 2])
            cy.say("anybody?")
            simulation.settle()
            #expect(cy.lines.count == 1)
        }
    }
}
