internal import Chat
internal import ChatServer
internal import Identity
internal import Reactor
internal import Simulation
internal import TestSupport
internal import WebSocket

/// A server and its clients, with events that happen one after another.
final class Scene {
    let simulation: Simulation
    private(set) var steps = 0
    private var clients: [Client] = []

    /// More steps would only take longer.
    static let stepLimit = 200
    private static let clientLimit = 12
    /// The ways in which clients compress, in turn.
    private static let compressions: [ClientCompression?] = [
        nil, .limitable, .plain, .withoutContext,
        ClientCompression(ClientCompression.withoutContext.offer, breaksPromise: true),
    ]
    /// SIGTERM.
    private static let termination: Int32 = 15

    init(_ input: inout FuzzInput) throws(SystemError) {
        var limits = Limits()
        limits.connections = input.pick([8, 2])
        limits.connectionsPerAddress = input.pick([0, 2])
        limits.handshakesPerSecondPerAddress = input.pick([0, 1])
        limits.bytesPerSecond = input.pick([0, 500])
        limits.messageBytes = input.pick([65_536, 300])
        limits.headBytes = input.pick([16_384, 300])
        limits.chat.linesPerSecond = input.pick([0, 5])
        limits.chat.errorsPerMinute = input.pick([0, 2])
        limits.highWatermark = input.pick([262_144, 500])
        limits.lowWatermark = limits.highWatermark / 4
        limits.controlWatermark = input.pick([65_536, 1_000])
        limits.roomLogBytes = input.pick([1_048_576, 1_000])
        limits.bufferBudget = input.pick([1 << 30, 2_000])
        let seed = UInt64(input.byte())
        // These don't take bytes of their own, so that earlier inputs keep their meaning.
        limits.costPerSecond = [2_000, 100, 0][Int(seed % 3)]
        limits.costBurst = [20_000, 50][Int(seed % 2)]
        limits.debtTimeout = 1_000
        var random = SplitMix64(seed: seed)
        let isFaulty = seed >= 128
        simulation = try Simulation(
            limits: limits, seed: seed, faults: isFaulty ? Faults(drawnFrom: &random) : .none,
            disk: seed & 3 == 3 ? Disk() : nil,
            storeFaults: isFaulty ? StoreFaults(drawnFrom: &random) : .none)
        simulation.change {
            $0.apiKeys = (try? APIKeys(parsing: "fuzz owner \(Self.key)")) ?? APIKeys()
        }
        if isFaulty { simulation.world.faults.drawPoller(from: &random) }
        simulation.world.sendBuffer = input.pick([65_536, 200])
    }

    var isClean: Bool { simulation.world.violations.isEmpty }

    /// Does one step.
    func step(_ input: inout FuzzInput) {
        steps += 1
        let choice = input.byte()
        switch choice % 20 {
        case 0: connect(&input)
        case 1: simulation.tick()
        case 2: simulation.advance(milliseconds: UInt64(input.byte()) * 10)
        case 3: simulation.advance(milliseconds: UInt64(input.byte()) * 200)
        case 4: simulation.world.wallClock += Int64(Int8(bitPattern: input.byte())) * 1_000_000
        case 5 where choice > 240: simulation.world.raise(Self.termination)
        default:
            guard !clients.isEmpty else { return connect(&input) }
            act(choice, of: input.pick(clients), &input)
        }
    }

    /// Most clients begin with an opening handshake, others with arbitrary bytes.
    private func connect(_ input: inout FuzzInput) {
        guard clients.count < Self.clientLimit else { return simulation.settle() }
        let kind = input.byte()
        let client = simulation.connect(
            from: SocketAddress(ipv4: 0xC000_0200 + UInt32(kind & 3), port: 1))
        client.isCut = kind & 4 != 0
        client.endsInReturn = kind & 8 == 0
        client.compression = Self.compressions[clients.count % Self.compressions.count]
        if kind & 0xB0 == 0xB0 {
            client.handshakeRichly()
        } else if kind & 0x30 != 0 {
            client.handshake(room: kind & 0x40 == 0 ? "a" : "b")
        }
        clients.append(client)
    }

    private func act(_ choice: UInt8, of client: Client, _ input: inout FuzzInput) {
        switch choice % 20 {
        case 5, 6: client.send(input.take(Int(input.byte())))
        case 7 where choice > 128: client.send(compressed(&input))
        case 7: client.send(.text, input.take(Int(input.byte())))
        case 8: client.send(.text, input.take(Int(input.byte() % 32)), isFinal: false)
        case 9: client.send(.continuation, input.take(Int(input.byte())))
        case 10: client.send(.ping, input.take(Int(input.byte() % 126)))
        case 11 where client.isRich: command(client, &input)
        case 11: for _ in 0..<input.byte() % 32 { client.say("\(steps) hello") }
        case 12: client.close(input.pick([.normal, nil, .goingAway, .policyViolation]))
        case 13 where choice > 128: ask(client, &input)
        case 13: client.finish()
        case 14: client.link.reset()
        case 15: client.reads = false
        case 16: client.appetite = Int(input.byte()) + 1
        case 17: (client.reads, client.appetite) = (true, .max)
        case 18: client.answersPings.toggle()
        default: client.send(input.pick(Self.requests))
        }
    }

    /// Sends a command of the rich dialect, or the same line again and again.
    private func command(_ client: Client, _ input: inout FuzzInput) {
        let room = input.pick(["a", "b", "c"])
        let number = UInt64(input.byte())
        switch input.byte() % 8 {
        case 0: client.join(room, history: Int(number % 201))
        case 1: client.join(room, after: ("1", number))
        case 2: client.leave(room)
        case 3: client.askHistory(of: room, before: number, limit: Int(number % 200) + 1)
        case 4: client.askMembers(of: room)
        case 5: client.say("\(number)", in: room, as: "n\(number % 4)", id: "\(number % 8)")
        case 6: for _ in 0..<number % 32 { client.say("\(steps)", in: room, id: "\(steps)") }
        default: client.say("\(number)", in: room)
        }
    }

    /// A text frame that is marked as compressed, and mostly is.
    private func compressed(_ input: inout FuzzInput) -> [UInt8] {
        let isCompressed = !input.byte().isMultiple(of: 4)
        var payload = input.take(Int(input.byte()))
        if isCompressed, let deflater = Deflater(windowBits: 15, keepsContext: false) {
            var deflated: [UInt8] = []
            deflater.deflate(payload.span, into: &deflated)
            payload = deflated
        }
        var frame: [UInt8] = []
        FrameEncoder.appendMasked(
            .text, payload.span, key: MaskingKey(0), rsv1: true, to: &frame)
        return frame
    }

    private static let requests = [
        """
        GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
        Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n
        """,
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", "HEAD / HTTP/1.0\r\n\r\n",
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /", "\r\n",
    ]

    /// All clients leave, and nothing may stay behind.
    func end() {
        guard isClean else { return }
        simulation.world.faults = .none
        simulation.store?.faults = .none
        simulation.store?.recover()
        for client in clients {
            client.reads = true
            client.appetite = .max
            client.link.reset()
        }
        simulation.advance(seconds: 40)
        guard isClean, simulation.isRunning else { return }
        simulation.checkEmpty()
        simulation.world.raise(Self.termination)
        simulation.settle()
        if simulation.life != .ended { simulation.world.violate("the server goes on") }
    }
}
