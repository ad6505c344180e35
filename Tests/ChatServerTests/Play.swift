import Chat
import ChatServer
import Reactor
import Simulation
import Testing
import WebSocket

/// Plays a scene on a server whose network has no faults, and checks that it broke no rule.
func play(
    _ limits: Limits = Limits(), origins: [String] = [],
    location: SourceLocation = #_sourceLocation,
    _ scene: (Simulation) throws -> Void
) throws {
    let simulation = try Simulation(limits: limits, origins: origins)
    try scene(simulation)
    simulation.settle()
    #expect(simulation.world.violations == [], sourceLocation: location)
}

extension Simulation {
    /// A client in a room.
    func join(
        room: String? = nil, from address: SocketAddress = .of(1)
    ) -> Client {
        let client = connect(from: address)
        client.handshake(room: room)
        settle()
        return client
    }

    /// What comes back when `request` is sent on a connection of its own.
    func ask(_ request: String) -> Client {
        let client = connect()
        client.send(request)
        settle()
        return client
    }

    /// Everybody says lines in turn, in which nothing is special but their number.
    func chat(_ client: Client, lines: Range<Int>, bytes: Int = 0) {
        for number in lines {
            client.say("\(number) " + String(repeating: "x", count: bytes))
            settle()
        }
    }
}

extension Client {
    /// The numbers at the start of the lines that ``Simulation/chat(_:lines:bytes:)`` said.
    var numbers: [Int] {
        lines.compactMap { $0.message?.split(separator: " ").first.flatMap { Int($0) } }
    }

    var status: Int? { responses?.last?.status }

    var errorCodes: [String?] { errors.map(\.code) }
}

extension SocketAddress {
    /// One of the addresses of the documentation (RFC 5737).
    static func of(_ number: UInt32) -> SocketAddress {
        SocketAddress(ipv4: 0xC000_0200 + number, port: 1)
    }
}

extension Limits {
    /// Limits that nobody passes by talking much.
    static func generous(_ change: (inout Limits) -> Void = { _ in }) -> Limits {
        var limits = Limits()
        limits.chat.linesPerSecond = 0
        limits.chat.textCharacters = 10_000
        change(&limits)
        return limits
    }
}
