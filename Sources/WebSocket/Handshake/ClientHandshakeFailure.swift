/// A server's answer with which an opening handshake fails.
public enum ClientHandshakeFailure: Error, Equatable, Sendable {
    /// The server answered in HTTP, and not with 101.
    case refused(HTTPStatus)
    /// What came is no valid answer to this handshake: the reason.
    case invalid(String)
}
