/// A request with valid HTTP that doesn't become a WebSocket.
public struct HandshakeRefusal: Error, Equatable, Sendable {
    public let status: HTTPStatus
    /// One sentence for the person at the other end.
    public let reason: String

    init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// The fields that RFC 9110 requires with the status. They say what the server would accept.
    public var fields: [ResponseHead.Field] {
        switch status {
        case .methodNotAllowed: [ResponseHead.Field("Allow", "GET")]
        case .upgradeRequired: Self.upgradeFields
        default: []
        }
    }

    private static let upgradeFields = [
        ResponseHead.Field("Upgrade", "websocket"),
        ResponseHead.Field("Connection", "Upgrade"),
        ResponseHead.Field("Sec-WebSocket-Version", "13"),
    ]
}
