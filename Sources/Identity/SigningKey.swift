/// A key that tokens may be signed with, and whom it may speak for.
public struct SigningKey: Sendable, Identifiable {
    /// Distinguishes keys within this process by what they are and whom they may speak for, not by
    /// their names or ends. So a file that is read again has the same keys.
    public typealias ID = Int

    /// Checks a signature. It must not trap for any bytes.
    public typealias Check = @Sendable (_ signature: [UInt8], _ signed: [UInt8]) -> Bool

    public let id: ID
    /// The name in the log. A token's `kid` must be it, if the token has one.
    public let name: String
    /// The `iss` that its tokens must have. Nil if any will do, or none.
    public let issuer: String?
    /// The `aud` that its tokens must have. Nil if none is asked for.
    public let audience: String?
    /// When the key ends, in milliseconds since 1970. Nil if it doesn't.
    public let end: Int64?
    /// The algorithms that the key takes. The token only chooses among them.
    public let checks: [Algorithm: Check]

    public init(
        id: ID, name: String, issuer: String? = nil, audience: String? = nil, end: Int64? = nil,
        checks: [Algorithm: Check]
    ) {
        self.id = id
        self.name = name
        self.issuer = issuer
        self.audience = audience
        self.end = end
        self.checks = checks
    }
}
