/// All keys at one moment. When keys change, the ring is replaced as a whole.
public struct KeyRing: Sendable {
    /// The largest number of keys. A token without a `kid` may cost one check for each.
    public static let most = 64

    public let keys: [SigningKey]
    public let rules: ClaimRules

    public init(_ keys: [SigningKey], rules: ClaimRules = ClaimRules()) {
        self.keys = keys
        self.rules = rules
    }

    /// The holder of a token, or the reason why the token is refused. `now` is in milliseconds
    /// since 1970.
    ///
    /// The order is that of RFC 8725: the form of the token, then its signature by a key and an
    /// algorithm of that key, and only then what it says.
    public func holder(of token: [UInt8], at now: Int64) throws(TokenRefusal) -> Principal {
        let envelope = try TokenEnvelope(token.span)
        let candidates = try candidates(for: envelope, at: now)
        guard
            let key = candidates.first(where: { key in
                key.checks[envelope.algorithm]?(envelope.signature, envelope.signed) == true
            })
        else { throw .wrongSignature }
        return try Claims(envelope.payload.span).principal(rules, of: key, at: now)
    }

    /// The keys that the token may be signed with.
    private func candidates(
        for envelope: TokenEnvelope, at now: Int64
    ) throws(TokenRefusal) -> [SigningKey] {
        guard !keys.isEmpty else { throw .noKeys }
        let named =
            envelope.kid.map { kid in keys.filter { $0.name.utf8.elementsEqual(kid.utf8) } } ?? keys
        guard !named.isEmpty else { throw .unknownKey }
        let fit = named.filter { $0.checks[envelope.algorithm] != nil }
        guard !fit.isEmpty else { throw .algorithmOfNoKey }
        let alive = fit.filter { key in key.end.map { now < $0 } ?? true }
        guard !alive.isEmpty else { throw .endedKey }
        return alive
    }
}
