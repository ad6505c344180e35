/// The origins and protocols that a server accepts.
public struct HandshakePolicy: Equatable, Sendable {
    /// Origins whose pages may connect, such as `https://example.org`, besides the server's own. If
    /// it is empty, all may.
    ///
    /// A request without `Origin` is accepted. It doesn't come from a browser, so there is no page
    /// that could abuse its user (RFC 6455 §10.2).
    public var origins: [String]
    /// Subprotocols that the server speaks.
    public var subprotocols: [String]
    /// The policy for permessage-deflate (RFC 7692). Nil if the server doesn't use it.
    public var deflate: DeflatePolicy?

    public init(
        origins: [String] = [], subprotocols: [String] = [], deflate: DeflatePolicy? = nil
    ) {
        self.origins = origins
        self.subprotocols = subprotocols
        self.deflate = deflate
    }
}
