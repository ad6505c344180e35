public import TLS
public import WebSocket

/// The rules for a client's connections. All of them share one, so that none holds a copy.
public struct ClientRules: Sendable {
    /// The rules for the server's frames.
    public var frames: FrameRules
    /// Subprotocols to request in the opening handshake, the preferred one first.
    public var subprotocols: [String]
    /// The offer of permessage-deflate (RFC 7692). Nil for none.
    public var deflate: DeflateParameters?
    /// Says which servers are trusted under TLS. Nil: those that the system's authorities vouch
    /// for.
    public var tls: TLSClientContext?
    /// Whether a Ping is answered with a Pong. Only tests switch this off.
    public var answersPings = true
    /// Whether a Close, or a violation, is answered with a Close. Tests switch this off, and so do
    /// clients that drop the connection anyway.
    public var answersCloses = true

    /// `messageBytes` is the longest message that is accepted from the server.
    public init(
        messageBytes: Int, subprotocols: [String] = [], deflate: DeflateParameters? = nil
    ) {
        frames = FrameRules(role: .client, messageBytes: messageBytes)
        self.subprotocols = subprotocols
        self.deflate = deflate
    }
}
