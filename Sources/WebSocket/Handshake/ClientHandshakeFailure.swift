/// A server's answer that makes the opening handshake fail.
public enum ClientHandshakeFailure: Error, Equatable, Sendable {
    /// The server answered in HTTP with a status other than 101.
    case refused(HTTPStatus)
    /// The answer isn't valid for this handshake. Carries the reason.
    case invalid(String)
}
