public import WebSocket

/// What a client asks of its connections: the same for all of them, so that none carries a copy.
public struct ClientRules: Sendable {
    /// What the server's frames must keep to.
    public var frames: FrameRules
    /// Asked for in the opening handshake, the one that is liked best first.
    public var subprotocols: [String]
    /// The offer of permessage-deflate (RFC 7692); nil: none.
    public var deflate: DeflateParameters?
    /// Whether a Ping is answered with a Pong. Who doesn't is a test.
    public var answersPings = true
    /// Whether a Close, or a violation, is answered with a Close. Who doesn't is a test, or drops
    /// the connection anyway.
    public var answersCloses = true

    /// `messageBytes` is the longest message that is taken from the server.
    public init(
        messageBytes: Int, subprotocols: [String] = [], deflate: DeflateParameters? = nil
    ) {
        frames = FrameRules(role: .client, messageBytes: messageBytes)
        self.subprotocols = subprotocols
        self.deflate = deflate
    }
}
