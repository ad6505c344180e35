import Chat
import ChatServer
import Logging
import Reactor
import Simulation
import Testing

/// Plays a scene on a server whose network has no faults, and checks that no rule was broken.
func play(
    _ limits: Limits = Limits(), origins: [String] = [],
    proxies: TrustedProxies = TrustedProxies(), logLevel: Logger.Level = .info, disk: Disk? = nil,
    storeFaults: StoreFaults = .none, location: SourceLocation = #_sourceLocation,
    _ scene: (Simulation) throws -> Void
) throws {
    let simulation = try Simulation(
        limits: limits, origins: origins, proxies: proxies, logLevel: logLevel, disk: disk,
        storeFaults: storeFaults)
    try scene(simulation)
    simulation.settle()
    #expect(simulation.world.violations == [], sourceLocation: location)
}

extension Simulation {
    /// Adds a client in a room.
    func join(
        room: String? = nil, from address: SocketAddress = .of(1)
    ) -> Client {
        let client = connect(from: address)
        client.handshake(room: room)
        settle()
        return client
    }

    /// Adds a client of the rich dialect that is in no room yet.
    func connectRichly(from address: SocketAddress = .of(1)) -> Client {
        let client = connect(from: address)
        client.handshakeRichly()
        settle()
        return client
    }

    /// Adds a client of the rich dialect in a room.
    func enter(
        _ room: String = "lobby", as username: String? = "ann",
        after: (epoch: String, seq: UInt64)? = nil, history: Int? = nil
    ) -> Client {
        let client = connectRichly()
        client.join(room, as: username, after: after, history: history, id: "join")
        settle()
        return client
    }

    /// A client of the rich dialect says lines one by one, each a number and padding.
    func say(
        _ client: Client, lines: ClosedRange<Int>, in room: String = "lobby", bytes: Int = 0
    ) {
        for number in lines {
            client.say("\(number) " + String(repeating: "x", count: bytes), in: room)
            settle()
        }
    }

    /// Says this many lines in the lobby and restarts the server, which then has none of them in
    /// memory. Returns the epoch of the lines.
    func talkAndCrash(lines: Int, bytes: Int = 0) throws -> String {
        let ann = enter()
        let epoch = try #require(ann.joined?.epoch)
        for number in 1...lines {
            ann.say("\(number) " + String(repeating: "x", count: bytes), in: "lobby")
        }
        settle()
        crash()
        settle()
        return epoch
    }

    /// Sends `request` on a new connection, and returns that client.
    func ask(_ request: String) -> Client {
        let client = connect()
        client.send(request)
        settle()
        return client
    }

    /// A client says lines, each a number and padding.
    func chat(_ client: Client, lines: Range<Int>, bytes: Int = 0) {
        for number in lines {
            client.say("\(number) " + String(repeating: "x", count: bytes))
            settle()
        }
    }
}

extension Client {
    /// The numbers at the start of the lines from ``Simulation/chat(_:lines:bytes:)``.
    var numbers: [Int] {
        lines.compactMap { $0.message?.split(separator: " ").first.flatMap { Int($0) } }
    }

    /// The numbers of the lines.
    var seqs: [UInt64] { lines.compactMap(\.seq) }

    /// The events of this type.
    func events(_ type: String) -> [ChatEvent] { events.filter { $0.type == type } }

    /// The types of all events, in order.
    var types: [String] { events.map(\.type) }

    var joined: ChatEvent? { events("joined").last }

    /// The position from which it would resume.
    var progress: (epoch: String, seq: UInt64)? {
        guard let joined, let epoch = joined.epoch, let seq = joined.seq else { return nil }
        return (epoch, max(seq, seqs.last ?? 0))
    }

    var status: Int? { responses?.last?.status }

    var errorCodes: [String?] { errors.map(\.code) }
}

extension SocketAddress {
    /// An address from the range for documentation (RFC 5737).
    static func of(_ number: UInt32) -> SocketAddress {
        SocketAddress(ipv4: 0xC000_0200 + number, port: 1)
    }
}

extension Limits {
    /// Limits that no client exceeds by sending many lines.
    static func generous(_ change: (inout Limits) -> Void = { _ in }) -> Limits {
        var limits = Limits()
        limits.chat.linesPerSecond = 0
        limits.chat.textCharacters = 10_000
        change(&limits)
        return limits
    }
}
