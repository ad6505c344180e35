/// The holder of a token, as the token describes it. A connection without one is a guest.
///
/// It never changes. It is a class, because a value would count the references of all its texts
/// with each copy, and one request hands it on many times.
public final class Principal: Sendable {
    /// Who it is: 1 to ``Claims/subjectBytes`` bytes that mean nothing to us.
    public let sub: String
    /// The user name in every room. Nil if it is chosen as a guest's is.
    public let name: String?
    public let rights: Rights
    /// When the token, or its key, ends, in milliseconds since 1970.
    public let expiry: Int64
    /// When it was made, in seconds since 1970; 0 if it doesn't say so.
    public let issuedAt: Int64
    /// The token's own name, by which it can be revoked.
    public let jti: String?
    public let issuer: String?
    /// The key that its token is signed with.
    public let key: SigningKey.ID
    /// Whether it has a static key instead of a token.
    public let isKey: Bool

    public init(
        sub: String, name: String?, rights: Rights, expiry: Int64, issuedAt: Int64 = 0,
        jti: String? = nil, issuer: String? = nil, key: SigningKey.ID = 0
    ) {
        self.sub = sub
        self.name = name
        self.rights = rights
        self.expiry = expiry
        self.issuedAt = issuedAt
        self.jti = jti
        self.issuer = issuer
        self.key = key
        isKey = sub.utf8.starts(with: Claims.keyPrefix.utf8)
    }

    /// The role where no room is concerned.
    public var role: Role { rights.role }

    /// Whether it may say lines as any user.
    public var speaksForOthers: Bool { isKey && role == .owner }
}

extension Principal: Equatable {
    public static func == (left: Principal, right: Principal) -> Bool {
        left.sub == right.sub && left.name == right.name && left.rights == right.rights
            && left.expiry == right.expiry && left.issuedAt == right.issuedAt
            && left.jti == right.jti && left.issuer == right.issuer && left.key == right.key
    }
}
