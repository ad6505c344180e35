/// Names of WebSocket subprotocols (RFC 6455 section 1.9). A client of the plain dialect requests
/// none.
public enum Subprotocol {
    /// The rich dialect.
    public static let rich = "hubbub.v1"
}
