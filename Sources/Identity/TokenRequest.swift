/// A token to verify.
public struct TokenRequest: Sendable {
    /// The number that the answer bears.
    public let ticket: UInt64
    public let token: [UInt8]
    /// The time of the request, in milliseconds since 1970.
    public let now: Int64

    public init(ticket: UInt64, token: [UInt8], now: Int64) {
        self.ticket = ticket
        self.token = token
        self.now = now
    }
}
