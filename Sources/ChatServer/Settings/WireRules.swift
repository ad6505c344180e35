internal import Chat
internal import WebSocket

/// What the protocol machines are told: by the limits, by the settings, and by what is compiled in.
struct WireRules {
    let head: HeadLimits
    let handshake: HandshakePolicy
    let frames: FrameRules
    /// One decompressor for everybody: what a client's next message may refer to is kept by its
    /// session. Nil if compression is off.
    let inflater: Inflater?

    /// What a refusal for want of room asks the client to wait, in seconds.
    static let retryAfter = ResponseHead.Field("Retry-After", "5")

    init(limits: Limits, origins: [String], compression: Bool) {
        inflater = compression ? Inflater(keepsContext: false) : nil
        head = HeadLimits(headBytes: limits.headBytes)
        handshake = HandshakePolicy(
            origins: origins, subprotocols: [Subprotocol.rich],
            deflate: inflater == nil ? nil : Self.deflate)
        frames = FrameRules(
            role: .server, messageBytes: limits.messageBytes)
    }

    /// The handshake of a page whose origin is known to be welcome.
    var handshakeOfFriends: HandshakePolicy {
        var policy = handshake
        policy.origins = []
        return policy
    }

    /// permessage-deflate (RFC 7692) as a broadcast needs it: no message of the server refers to
    /// another one, so that one compression of a line serves all members, and one compressor all
    /// connections.
    private static let deflate = DeflatePolicy(
        serverNoContextTakeover: true,
        serverWindowBits: Limits.deflateWindowBits...Limits.deflateWindowBits,
        clientMaxWindowBits: Limits.contextWindowBits)

    /// The compressor that goes with that; nil if there is no memory for it.
    static func makeDeflater() -> Deflater? {
        Deflater(windowBits: Limits.deflateWindowBits, keepsContext: false)
    }

    /// What a client of the rich dialect is told first, in its frame.
    static func welcome(_ limits: Limits, isDurable: Bool) -> [UInt8] {
        var event: [UInt8] = []
        EventWriter.welcome(
            server: "hubbub/\(Version.current)", durable: isDurable, limits: limits.chat,
            messageBytes: limits.messageBytes, pingInterval: limits.pingInterval, into: &event)
        var frame: [UInt8] = []
        FrameEncoder.append(.text, event.span, to: &frame)
        return frame
    }

    /// What a connection past a limit is answered.
    static var refusal: [UInt8] {
        var response: [UInt8] = []
        ResponseHead.write(
            .serviceUnavailable,
            text: "All connections of this server, or of your address, are taken; try again later.",
            keepsAlive: false, fields: [retryAfter, Caching.never], into: &response)
        return response
    }
}
