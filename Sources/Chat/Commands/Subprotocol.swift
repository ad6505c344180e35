/// What a WebSocket's subprotocol is called (RFC 6455 section 1.9). A client of the plain dialect
/// asks for none.
public enum Subprotocol {
    /// The rich dialect.
    public static let rich = "hubbub.v1"
}
