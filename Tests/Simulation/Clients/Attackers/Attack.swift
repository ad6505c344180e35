internal import TestSupport
internal import WebSocket

/// A way to harm a server or its other clients.
enum Attack: CaseIterable {
    /// Frames that RFC 6455 forbids.
    case malformedFrames
    /// Requests that HTTP forbids, or random bytes.
    case brokenRequests
    /// A request head that never ends, a few bytes at a time.
    case slowHead
    /// A message, or a Close, one byte at a time.
    case slowFrame
    /// A connection that is lost in the middle of a frame.
    case vanishing
    /// Endless pings, whose pongs are never read.
    case pings
    /// As many tiny frames as fit into one write.
    case tinyFrames
    /// Fragments of a message that never ends.
    case endlessMessage
    /// A client that chats but never reads.
    case deafness
    /// A client that never sends anything.
    case silence
    /// As many invalid commands as fit into one write.
    case refusals
    /// Connections that are lost as soon as they are made.
    case visits

    /// Whether it begins with a valid opening handshake.
    var isInChat: Bool {
        switch self {
        case .brokenRequests, .slowHead, .silence, .visits: false
        case .malformedFrames, .slowFrame, .vanishing, .pings, .tinyFrames, .endlessMessage,
            .deafness, .refusals:
            true
        }
    }

    /// Whether the client reads what it receives.
    var reads: Bool {
        switch self {
        case .pings, .deafness: false
        case .malformedFrames, .brokenRequests, .slowHead, .slowFrame, .vanishing, .tinyFrames,
            .endlessMessage, .silence, .refusals, .visits:
            true
        }
    }

    /// Takes the next step against the server. `number` counts the steps from 0.
    func step(_ number: Int, by client: Client, in world: World) {
        switch self {
        case .malformedFrames: client.send(world.random.pick(Self.malformed))
        case .brokenRequests: client.send(world.random.pick(Self.broken))
        case .slowHead: client.send(number == 0 ? "GET / HTTP/1.1\r\nHost: a\r\nX:" : "x")
        case .slowFrame: client.send([Self.slow[number % Self.slow.count]])
        case .vanishing:
            client.send(client.frame(.text, Self.text).prefix(world.random.number(in: 1...300)))
            if number > 0 { client.link.reset() }
        case .pings:
            for _ in 0..<world.random.number(in: 1...300) { client.send(.ping, Self.control) }
        case .tinyFrames:
            for _ in 0..<world.random.number(in: 1...2_000) { client.send(.pong, []) }
        case .endlessMessage:
            let opcode = number == 0 ? Opcode.text : .continuation
            client.send(opcode, Self.text.prefix(world.random.number(in: 0...200)), isFinal: false)
        case .deafness, .silence: break
        case .refusals:
            for _ in 0..<world.random.number(in: 1...2_000) { client.send(.text, "{".utf8) }
        case .visits: client.link.reset()
        }
    }

    private static let text = [UInt8](repeating: UInt8(ascii: "x"), count: 400)
    private static let control = [UInt8](repeating: 0, count: 125)

    /// A masked Close with a reason. The mask is 0.
    private static let slow: [UInt8] =
        [0x88, 0x80 | 125, 0, 0, 0, 0, 0x03, 0xE8] + text.prefix(123)

    /// Violations of RFC 6455 sections 5.1 to 5.5, 7.4 and 8.1, in that order.
    private static let malformed: [[UInt8]] = [
        [0x81, 0x02, 0x68, 0x69],
        [0xC1, 0x80, 0, 0, 0, 0], [0xA1, 0x80, 0, 0, 0, 0], [0x91, 0x80, 0, 0, 0, 0],
        [0x83, 0x80, 0, 0, 0, 0], [0x8F, 0x80, 0, 0, 0, 0],
        [0x81, 0xFE, 0, 1, 0, 0, 0, 0, 0x61],
        [0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        [0x81, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
        [0x80, 0x80, 0, 0, 0, 0], [0x01, 0x80, 0, 0, 0, 0, 0x81, 0x80, 0, 0, 0, 0],
        [0x09, 0x80, 0, 0, 0, 0], [0x89, 0xFE, 0, 126, 0, 0, 0, 0],
        [0x88, 0x81, 0, 0, 0, 0, 3], [0x88, 0x82, 0, 0, 0, 0, 3, 0xED],
        [0x88, 0x83, 0, 0, 0, 0, 3, 0xE8, 0xFF],
        [0x81, 0x82, 0, 0, 0, 0, 0xC0, 0x80], [0x01, 0x82, 0, 0, 0, 0, 0xED, 0xA0],
        [0x82, 0x81, 0, 0, 0, 0, 0],
    ]

    private static let broken: [String] = [
        "\u{16}\u{3}\u{1}\u{2}\u{0}", "GET /\r\n", "GET / HTTP/2.0\r\n\r\n", "\r\n\r\n\r\n\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        "GET /" + String(repeating: "a", count: 9_000), String(repeating: "A", count: 500),
        "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a: b\r\n", count: 200),
    ]
}
