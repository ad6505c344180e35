/// Whom a server lets in, and what it can speak.
public struct HandshakePolicy: Equatable, Sendable {
    /// Origins whose pages may connect, such as `https://example.org`, beside the server's own;
    /// empty: all of them.
    ///
    /// A request without `Origin` doesn't come from a browser, so that no page is behind it whose
    /// user could be abused (RFC 6455 §10.2); it passes.
    public var origins: [String]
    /// Subprotocols that the server speaks.
    public var subprotocols: [String]
    /// What is asked of permessage-deflate (RFC 7692); nil: it is not spoken.
    public var deflate: DeflatePolicy?

    public init(
        origins: [String] = [], subprotocols: [String] = [], deflate: DeflatePolicy? = nil
    ) {
        self.origins = origins
        self.subprotocols = subprotocols
        self.deflate = deflate
    }
}
