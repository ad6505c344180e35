/// The answer to a ``TokenRequest``.
public struct TokenAnswer: Sendable {
    public let ticket: UInt64
    public let result: Result<Principal, TokenRefusal>

    public init(ticket: UInt64, result: Result<Principal, TokenRefusal>) {
        self.ticket = ticket
        self.result = result
    }
}
