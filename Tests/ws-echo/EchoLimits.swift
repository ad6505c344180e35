internal import WebSocket

/// What one client, and all of them together, may ask of the echo server.
enum EchoLimits {
    /// What suites try at most: messages of 16 MiB, and messages of 65 536 fragments.
    static let rules = FrameRules(role: .server, messageBytes: 16 << 20, fragments: 100_000)
    static let head = HeadLimits()

    /// Bytes read at once.
    static let receiveBuffer = 64 << 10
    /// Bytes of echo that may wait before their client is read no further. What waits for one is at
    /// most this, a message, and the input that was read with the message.
    static let highWatermark = 1 << 20
    /// Bytes that an empty queue keeps for the next echo.
    static let keptCapacity = 64 << 10

    /// Milliseconds for the request head.
    static let handshakeTimeout: UInt64 = 10_000
    /// Milliseconds without progress while last words go out, and for the peer to end after them.
    static let closeTimeout: UInt64 = 5_000

    /// Connections taken in one tick; the poller reports again who still waits.
    static let acceptsPerTick = 64
    /// More connections than any suite opens.
    private static let mostConnections = 10_000
    /// Descriptors for everything that isn't a connection.
    private static let ownDescriptors = 32

    /// Connections that this many descriptors allow, so that they never run out.
    static func connections(descriptors: Int) -> Int {
        min(max(descriptors - ownDescriptors, 1), mostConnections)
    }
}
