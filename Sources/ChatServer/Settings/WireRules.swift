internal import Chat
internal import WebSocket

/// The rules for the protocol machines, from limits, settings and constants.
struct WireRules {
    let head: HeadLimits
    let handshake: HandshakePolicy
    let frames: FrameRules
    /// The one decompressor for all clients. Their sessions keep the contexts. Nil if compression
    /// is off.
    let inflater: Inflater?

    /// Tells browsers to use encryption only (RFC 6797). Nil if it isn't said.
    let strictTransport: ResponseHead.Field?

    private let metricsToken: MetricsToken?

    /// The seconds that a refusal for lack of room asks the client to wait.
    static let retryAfter = ResponseHead.Field("Retry-After", "5")
    /// What a refused token is answered with (RFC 6750 section 3).
    static let invalidToken = ResponseHead.Field(
        "WWW-Authenticate", #"Bearer error="invalid_token""#)
    /// What a request without a token is answered with.
    static let anyToken = ResponseHead.Field("WWW-Authenticate", "Bearer")

    /// - Parameter inflater: that of the rules before, if there were any. Sessions that have agreed
    ///   on compression go on with it.
    init(_ settings: Settings, keeping inflater: Inflater? = nil) {
        let limits = settings.limits
        let seconds = settings.strictTransport
        strictTransport =
            seconds > 0
            ? ResponseHead.Field("Strict-Transport-Security", "max-age=\(seconds)") : nil
        let compression = settings.compression
        self.inflater = inflater ?? (compression ? Inflater(keepsContext: false) : nil)
        metricsToken = settings.metricsToken.map { MetricsToken($0) }
        head = HeadLimits(headBytes: limits.headBytes, contentBytes: limits.bodyBytes)
        handshake = HandshakePolicy(
            origins: settings.origins, subprotocols: [Subprotocol.rich],
            deflate: compression && self.inflater != nil ? Self.deflate : nil)
        frames = FrameRules(
            role: .server, messageBytes: limits.messageBytes)
    }

    /// Whether a request may have the metrics: it has their token, if they need one.
    func admitsToMetrics(_ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
        metricsToken?.isGiven(by: head, in: bytes) ?? true
    }

    /// The policy for a page whose origin is known to be allowed.
    var handshakeOfFriends: HandshakePolicy {
        var policy = handshake
        policy.origins = []
        return policy
    }

    /// permessage-deflate (RFC 7692) for a broadcast. No message of the server refers to another
    /// one, so one compressed line serves all members, and one compressor all connections.
    private static let deflate = DeflatePolicy(
        serverNoContextTakeover: true,
        serverWindowBits: Limits.deflateWindowBits...Limits.deflateWindowBits,
        clientMaxWindowBits: Limits.contextWindowBits)

    /// The compressor for this policy. Nil if there is no memory for it.
    static func makeDeflater() -> Deflater? {
        Deflater(windowBits: Limits.deflateWindowBits, keepsContext: false)
    }

    /// The first event for a client of the rich dialect, in its frame.
    static func welcome(_ limits: Limits, isDurable: Bool) -> [UInt8] {
        var event: [UInt8] = []
        welcome(limits, isDurable: isDurable, into: &event)
        var frame: [UInt8] = []
        FrameEncoder.append(.text, event.span, to: &frame)
        return frame
    }

    /// The first event for a client of the rich dialect, with what it is if it has said so.
    static func welcome(
        _ limits: Limits, isDurable: Bool, you: EventWriter.Identity? = nil,
        into event: inout [UInt8]
    ) {
        EventWriter.welcome(
            server: "hubbub/\(Version.current)", durable: isDurable, limits: limits.chat,
            messageBytes: limits.messageBytes, pingInterval: limits.pingInterval, you: you,
            into: &event)
    }

    /// The response to a connection over a limit.
    static var refusal: [UInt8] {
        var response: [UInt8] = []
        ResponseHead.write(
            .serviceUnavailable,
            text: "All connections of this server, or of your address, are taken; try again later.",
            keepsAlive: false, fields: [retryAfter, Caching.never], into: &response)
        return response
    }
}
