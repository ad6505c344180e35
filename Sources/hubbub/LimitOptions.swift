internal import ArgumentParser
internal import Chat
internal import ChatServer

// The table of all limits: a limit is named, bounded and explained here and nowhere else. The upper
// bounds keep every sum and product of limits far from overflowing, the lower ones keep the daemon
// able to serve.

private let kibibyte = 1 << 10
private let mebibyte = 1 << 20
private let gibibyte = 1 << 30
/// More a second than one machine handles.
private let fastest = 1_000_000

/// What one message, and one client in the chat, may be.
struct MessageLimits: ParsableArguments {
    @Option(
        .bytes(
            "max-message-bytes", \.messageBytes, 1...4 * mebibyte,
            "A frame, or a message assembled from fragments"))
    var messageBytes: Given<LimitChange>

    @Option(
        .count(
            "max-text-characters", \.chat.textCharacters, 1...4 * mebibyte, of: "characters",
            zero: "no limit", "Text of a line"))
    var textCharacters: Given<LimitChange>

    @Option(
        .count(
            "max-username-characters", \.chat.usernameCharacters, 1...64 * kibibyte,
            of: "characters", zero: "no limit", "User name"))
    var usernameCharacters: Given<LimitChange>

    @Option(
        .count(
            "max-rooms", \.chat.rooms, 1...10_000, of: "rooms", zero: "no limit",
            "Rooms that a connection is in"))
    var rooms: Given<LimitChange>

    @Option(
        Setting(
            flag: "compression", placeholder: "switch",
            what: "Deflate longer messages for clients that can inflate them",
            accepted: "on or off", fallback: true, fallbackText: "on",
            parse: { ["on": true, "off": false][$0] }))
    var compression: Given<Bool>
}

/// How fast one client may be.
struct RateLimits: ParsableArguments {
    @Option(
        .count(
            "lines-per-second", \.chat.linesPerSecond, 1...fastest, of: "lines/s",
            zero: "no limit", "Lines that a connection sends in the long run"))
    var linesPerSecond: Given<LimitChange>

    @Option(
        .count(
            "line-burst", \.chat.lineBurst, 1...fastest, of: "lines",
            "Lines that a connection may send at once after a pause"))
    var lineBurst: Given<LimitChange>

    @Option(
        .bytes(
            "bytes-per-second", \.bytesPerSecond, 1...gibibyte, zero: "no limit",
            "Bytes a second that are read of a connection"))
    var bytesPerSecond: Given<LimitChange>

    @Option(
        .count(
            "errors-per-minute", \.chat.errorsPerMinute, 1...fastest, of: "commands/min",
            zero: "no limit", "Refused commands past which a connection is closed"))
    var errorsPerMinute: Given<LimitChange>
}

/// How many connections there may be, and what they may ask for before they chat.
struct ConnectionLimits: ParsableArguments {
    @Option(
        .count(
            "max-connections", \.connections, 1...ConnectionBudget.most, of: "connections",
            zero: "descriptors - \(Limits.reservedDescriptors)",
            "Connections at the same time"))
    var connections: Given<LimitChange>

    @Option(
        .count(
            "max-connections-per-address", \.connectionsPerAddress, 1...ConnectionBudget.most,
            of: "connections", zero: "no limit", "Connections of one address at the same time"))
    var connectionsPerAddress: Given<LimitChange>

    @Option(
        .count(
            "handshakes-per-second-per-address", \.handshakesPerSecondPerAddress, 1...fastest,
            of: "handshakes/s", zero: "no limit", "Opening handshakes of one address"))
    var handshakesPerSecondPerAddress: Given<LimitChange>

    @Option(
        .bytes("max-head-bytes", \.headBytes, kibibyte...mebibyte, "Head of an HTTP request"))
    var headBytes: Given<LimitChange>
}

/// How long the server waits for a client.
struct TimeLimits: ParsableArguments {
    @Option(
        .seconds("handshake-timeout", \.handshakeTimeout, "For a request's head to come in whole"))
    var handshakeTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "message-timeout", \.messageTimeout, "For a message that has begun to come in whole"))
    var messageTimeout: Given<LimitChange>

    @Option(
        .seconds("keep-alive-timeout", \.keepAliveTimeout, "Between two requests of a connection"))
    var keepAliveTimeout: Given<LimitChange>

    @Option(
        .seconds("close-timeout", \.closeTimeout, "For the peer to end a connection after us"))
    var closeTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "ping-interval", \.pingInterval, zero: "no pings",
            "Silence until a ping is sent, at most"))
    var pingInterval: Given<LimitChange>

    @Option(
        .seconds("pong-timeout", \.pongTimeout, "Silence after a ping until the connection ends"))
    var pongTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "slow-timeout", \.slowTimeout,
            "Until a client is closed that takes nothing of what waits for it"))
    var slowTimeout: Given<LimitChange>
}

/// How much may wait in memory.
struct BufferLimits: ParsableArguments {
    @Option(
        .bytes(
            "high-watermark", \.highWatermark, kibibyte...gibibyte,
            "Lines that wait for a client: above this no more are queued"))
    var highWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "low-watermark", \.lowWatermark, 1...gibibyte,
            "Lines that wait for a client: below this more are queued again"))
    var lowWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "control-watermark", \.controlWatermark, kibibyte...gibibyte,
            "Pongs, errors and the like that wait for a client"))
    var controlWatermark: Given<LimitChange>

    @Option(
        .bytes(
            "room-log-bytes", \.roomLogBytes, kibibyte...gibibyte,
            "Recent lines that a room keeps for those who are behind"))
    var roomLogBytes: Given<LimitChange>

    @Option(
        .count(
            "max-coalesce-ms", \.coalesce, 1...1_000, of: "ms", zero: "never",
            "Time that a room's lines are held together at most, while the reactor is busy"))
    var coalesce: Given<LimitChange>

    @Option(
        .bytes(
            "buffer-budget", \.bufferBudget, 64 * kibibyte...1_024 * gibibyte,
            "What waits for all clients together"))
    var bufferBudget: Given<LimitChange>
}

extension ParsableArguments {
    /// The limits among the options, in the order in which they are declared; found as the argument
    /// parser finds them, so that a limit can't be declared and then forgotten.
    var limits: [Given<LimitChange>] {
        Mirror(reflecting: self).children.compactMap {
            ($0.value as? Option<Given<LimitChange>>)?.wrappedValue
        }
    }
}
