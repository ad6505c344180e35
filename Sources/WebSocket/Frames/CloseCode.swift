/// The reason why a WebSocket was closed (RFC 6455 §7.4).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt16

    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let normal = CloseCode(rawValue: 1000)
    /// The server stops, or the user leaves the page.
    public static let goingAway = CloseCode(rawValue: 1001)
    public static let protocolError = CloseCode(rawValue: 1002)
    /// A kind of data that this endpoint doesn't accept, such as binary.
    public static let unsupportedData = CloseCode(rawValue: 1003)
    /// Stands for a Close without a code; never sent.
    public static let noStatusReceived = CloseCode(rawValue: 1005)
    /// Stands for a connection that ended without a Close; never sent.
    public static let abnormalClosure = CloseCode(rawValue: 1006)
    /// Text that isn't UTF-8.
    public static let invalidPayload = CloseCode(rawValue: 1007)
    public static let policyViolation = CloseCode(rawValue: 1008)
    public static let messageTooBig = CloseCode(rawValue: 1009)
    public static let internalError = CloseCode(rawValue: 1011)
    public static let serviceRestart = CloseCode(rawValue: 1012)
    /// The client is too slow, or the server is full.
    public static let tryAgainLater = CloseCode(rawValue: 1013)

    /// The token isn't valid, or there must be one.
    public static let notAuthorized = CloseCode(rawValue: 3000)
    /// The token has expired.
    public static let expired = CloseCode(rawValue: 3001)
    /// The token was revoked.
    public static let revoked = CloseCode(rawValue: 3002)
    /// A moderator keeps the client out.
    public static let banned = CloseCode(rawValue: 3003)

    /// Whether a Close frame may carry the code. 1004, 1005, 1006 and 1015 are for use inside an
    /// endpoint. A code that is neither registered nor within 3000 to 4999 has no meaning (§7.4.2).
    public var isSendable: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
