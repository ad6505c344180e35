public import Chat

/// What the settings ask of every token.
public struct ClaimRules: Equatable, Sendable {
    /// The `iss` that tokens must have, unless their key names another one.
    public var issuer: String?
    /// The `aud` that tokens must have, unless their key names another one.
    public var audience: String?
    /// The rules for user names.
    public var limits: ChatLimits

    public init(issuer: String? = nil, audience: String? = nil, limits: ChatLimits = ChatLimits()) {
        self.issuer = issuer
        self.audience = audience
        self.limits = limits
    }
}
