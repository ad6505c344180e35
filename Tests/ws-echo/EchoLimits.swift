internal import WebSocket

/// Limits of one client, and of all clients together.
enum EchoLimits {
    /// The most that suites try: messages of 16 MiB, and messages of 65 536 fragments.
    static let rules = FrameRules(role: .server, messageBytes: 16 << 20, fragments: 100_000)
    static let head = HeadLimits()

    /// Bytes of one read.
    static let receiveBuffer = 64 << 10
    /// Bytes of echo that may wait before their client isn't read any more. A client's waiting
    /// bytes are at most this many, one message, and the input that was read with the message.
    static let highWatermark = 1 << 20
    /// Bytes of memory that an empty queue keeps for the next echo.
    static let keptCapacity = 64 << 10

    /// Milliseconds for the request head.
    static let handshakeTimeout: UInt64 = 10_000
    /// Milliseconds without progress while the last bytes go out, and for the peer to end after
    /// them.
    static let closeTimeout: UInt64 = 5_000

    /// Connections accepted in one tick. The poller reports the others again.
    static let acceptsPerTick = 64
    /// More connections than any suite opens.
    private static let mostConnections = 10_000
    /// Descriptors for everything that isn't a connection.
    private static let ownDescriptors = 32

    /// The number of connections for which this many descriptors suffice.
    static func connections(descriptors: Int) -> Int {
        min(max(descriptors - ownDescriptors, 1), mostConnections)
    }
}
