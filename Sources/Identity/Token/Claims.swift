internal import Chat

/// What a token says (RFC 7519 section 4). Each claim that we know is checked for its type and its
/// bounds, whether we need it or not; all others are ignored.
package struct Claims {
    /// The longest `sub` and `jti`, in bytes. They are kept for each connection and line.
    package static let subjectBytes = 128
    /// The beginning of the names of static keys, which no token may take.
    package static let keyPrefix = "key:"
    /// Milliseconds by which the clock of whoever makes tokens may be ahead of ours.
    package static let tolerance: Int64 = 30_000

    private let sub: ClaimValue?
    private let exp: ClaimValue?
    private let nbf: ClaimValue?
    private let iat: ClaimValue?
    private let iss: ClaimValue?
    private let aud: ClaimValue?
    private let jti: ClaimValue?
    private let name: ClaimValue?
    private let role: ClaimValue?
    private let rooms: ClaimValue?

    package init(_ json: Span<UInt8>) throws(TokenRefusal) {
        var fields = try ClaimFields(json, broken: .claimsNotJSON, doubled: .doubledClaim)
        sub = fields.take("sub")
        exp = fields.take("exp")
        nbf = fields.take("nbf")
        iat = fields.take("iat")
        iss = fields.take("iss")
        aud = fields.take("aud")
        jti = fields.take("jti")
        name = fields.take("name")
        role = fields.take("role")
        rooms = fields.take("rooms")
    }

    /// The holder, if all claims are in order. The token's signature is that of `key`. `now` is in
    /// milliseconds since 1970.
    package func principal(
        _ rules: ClaimRules, of key: SigningKey, at now: Int64
    ) throws(TokenRefusal) -> Principal {
        let sub = try subject()
        let jti = try text(self.jti, or: .wrongTokenName)
        let issuer = try issuer(key.issuer ?? rules.issuer)
        try checkAudience(key.audience ?? rules.audience)
        let name = try username(rules.limits)
        let rights = Rights(role: try wholeRole(), rooms: try rights())
        let latest = now + Self.tolerance
        let issuedAt = try time(iat, or: .wrongIssueTime)
        guard issuedAt ?? 0 <= latest else { throw .issuedAhead }
        guard try time(nbf, or: .wrongStart) ?? 0 <= latest else { throw .notYetValid }
        guard let expiry = try time(exp, or: .wrongExpiry) else { throw .wrongExpiry }
        // The last, so that only a token that was once good is called expired.
        guard now < expiry else { throw .expired }
        return Principal(
            sub: sub, name: name, rights: rights, expiry: min(expiry, key.end ?? .max),
            issuedAt: (issuedAt ?? 0) / 1_000, jti: jti, issuer: issuer, key: key.id)
    }

    private func subject() throws(TokenRefusal) -> String {
        guard let sub = try text(sub, or: .wrongSubject), Self.isSubject(sub) else {
            throw .wrongSubject
        }
        return sub
    }

    /// Whether a text can be the `sub` of a user.
    package static func isSubject(_ text: String) -> Bool {
        1...subjectBytes ~= text.utf8.count && !text.utf8.starts(with: keyPrefix.utf8)
    }

    /// A text of 1 to ``subjectBytes`` bytes, or nil.
    private func text(
        _ value: ClaimValue?, or refusal: TokenRefusal
    ) throws(TokenRefusal) -> String? {
        guard let value else { return nil }
        guard case .text(let text) = value, 1...Self.subjectBytes ~= text.utf8.count else {
            throw refusal
        }
        return text
    }

    private func issuer(_ wanted: String?) throws(TokenRefusal) -> String? {
        switch iss {
        case .text(let text) where Self.matches(text, wanted): return text
        case nil where wanted == nil: return nil
        case nil, .text, .number, .object, .other: throw .wrongIssuer
        }
    }

    /// A list is refused, too: each of its audiences could use the token with the others.
    private func checkAudience(_ wanted: String?) throws(TokenRefusal) {
        switch aud {
        case .text(let text) where Self.matches(text, wanted): break
        case nil where wanted == nil: break
        case nil, .text, .number, .object, .other: throw .wrongAudience
        }
    }

    /// Whether a text is the wanted one, byte for byte, if one is wanted.
    private static func matches(_ text: String, _ wanted: String?) -> Bool {
        wanted.map { text.utf8.elementsEqual($0.utf8) } ?? true
    }

    private func username(_ limits: ChatLimits) throws(TokenRefusal) -> String? {
        guard let name else { return nil }
        guard case .text(let text) = name,
            let username = try? ChatText.checkedUsername(text, limits: limits)
        else { throw .wrongName }
        return username
    }

    private func wholeRole() throws(TokenRefusal) -> Role {
        guard let role else { return .member }
        guard case .text(let text) = role, let found = Role(text) else { throw .wrongRole }
        return found
    }

    private func rights() throws(TokenRefusal) -> [RoomPattern: Rights.Grant]? {
        guard let rooms else { return nil }
        guard case .object(let texts) = rooms else { throw .wrongRooms }
        var grants: [RoomPattern: Rights.Grant] = [:]
        for (text, value) in texts {
            guard let pattern = RoomPattern(text) else { throw .wrongRooms }
            if value == "none" {
                grants[pattern] = Rights.Grant.none
            } else if let role = Role(value) {
                grants[pattern] = .role(role)
            } else {
                throw .wrongRole
            }
        }
        return grants
    }

    /// A time in milliseconds since 1970, or nil.
    private func time(
        _ value: ClaimValue?, or refusal: TokenRefusal
    ) throws(TokenRefusal) -> Int64? {
        guard let value else { return nil }
        guard case .number(let text) = value, let seconds = NumericDate.seconds(text) else {
            throw refusal
        }
        return seconds * 1_000
    }
}
