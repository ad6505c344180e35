/// Whom a key may speak for. See ``SigningKey``.
public struct KeyOwner: Equatable, Sendable {
    public var issuer: String?
    public var audience: String?
    /// When the key ends, in milliseconds since 1970.
    public var end: Int64?

    public init(issuer: String? = nil, audience: String? = nil, end: Int64? = nil) {
        self.issuer = issuer
        self.audience = audience
        self.end = end
    }
}
