internal import Chat
internal import Foundation
internal import Identity

/// A token is understood in one way, or refused. All signatures are taken for good, so that the
/// claims are looked at, too.
enum TokenTarget {
    private static let now: Int64 = 1_780_000_000_000

    static func run(_ input: [UInt8]) throws(BrokenPromise) {
        // Most inputs are no tokens, so the same bytes are also claims.
        try check(input)
        let dot = [UInt8(ascii: ".")]
        let header = Base64URL.encode(#"{"alg":"HS256"}"#.utf8.span)
        try check(header + dot + Base64URL.encode(input.span) + dot)
        try check(Base64URL.encode(input.span) + dot + Base64URL.encode("{}".utf8.span) + dot)
    }

    private static func check(_ token: [UInt8]) throws(BrokenPromise) {
        guard let envelope = try? TokenEnvelope(token.span) else { return }
        try expect(token.count <= TokenEnvelope.longest, "a token of \(token.count) bytes")
        let text =
            envelope.signed + [UInt8(ascii: ".")] + Base64URL.encode(envelope.signature.span)
        try expect(text == token, "another text has the same bytes")
        let alg = fields(of: envelope.signed)?["alg"] as? String
        try expect(
            alg == nil || alg == envelope.algorithm.rawValue, "alg is \(alg ?? "") elsewhere")
        let all = Dictionary(
            uniqueKeysWithValues: Algorithm.allCases.map { algorithm in
                (algorithm, { @Sendable (_: [UInt8], _: [UInt8]) in true } as SigningKey.Check)
            })
        let ring = KeyRing([SigningKey(id: 1, name: "key", checks: all)])
        guard let holder = try? ring.holder(of: token, at: now) else { return }
        try expect(1...Claims.subjectBytes ~= holder.sub.utf8.count, "sub \(holder.sub)")
        try expect(!holder.sub.utf8.starts(with: Claims.keyPrefix.utf8), "sub \(holder.sub)")
        try expect(holder.expiry > now, "exp \(holder.expiry)")
        try expect(holder.issuedAt * 1_000 <= now + Claims.tolerance, "iat \(holder.issuedAt)")
        if let name = holder.name {
            let again = try? ChatText.checkedUsername(name, limits: ChatLimits())
            try expect(again == name, "name \(name.debugDescription)")
        }
    }

    /// The header, by an independent decoder. It may give up on what we accept.
    private static func fields(of signed: [UInt8]) -> [String: Any]? {
        let part = Array(signed.prefix { $0 != UInt8(ascii: ".") })
        guard let bytes = try? Base64URL.decode(part.span) else { return nil }
        return try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    }
}
