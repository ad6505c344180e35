internal import Foundation
public import Identity
internal import JWTKit

/// Makes tokens with a secret, for `hubbub token`.
public struct TokenMaker: Sendable {
    private struct Claims: Encodable {
        let sub: String
        let name: String?
        let role: String?
        let rooms: [String: String]?
        let iss: String?
        let aud: String?
        let iat: Int64
        let exp: Int64
        let jti: String
    }

    public var sub: String
    public var name: String?
    public var role: Role?
    /// Roles by room, each the name of a ``Role`` or `none`.
    public var rooms: [String: String]?
    public var issuer: String?
    public var audience: String?

    public init(sub: String) {
        self.sub = sub
    }

    /// A token that is valid from `now` on for `seconds`. `now` is in seconds since 1970. `secret`
    /// has at least 32 bytes.
    public func token(secret: [UInt8], at now: Int64, for seconds: Int64) -> String {
        let claims = Claims(
            sub: sub, name: name, role: role?.name, rooms: rooms, iss: issuer, aud: audience,
            iat: now, exp: now + seconds, jti: UUID().uuidString.lowercased())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(claims) else {
            preconditionFailure("texts and numbers can be encoded")
        }
        let header = Base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8.span)
        let signed = header + [UInt8(ascii: ".")] + Base64URL.encode([UInt8](json).span)
        let signature = Waiting.result { () async -> [UInt8] in
            let algorithm = await KeyMaterial.secret(secret).made(.hs256)
            return (try? algorithm.sign(signed)) ?? []
        }
        return String(
            decoding: signed + [UInt8(ascii: ".")] + Base64URL.encode(signature.span),
            as: UTF8.self)
    }
}
