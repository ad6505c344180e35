import Identity
import JWTKit

@testable import IdentityKeys

extension HostileToken {
    /// Signatures that are none.
    static let signatures: [HostileToken] = [
        HostileToken(
            "HS256 signed with the text of a public key", .wrongSignature,
            Forge(
                sign: Forge.signer(
                    .hs256, secret: Array(TestKeys.rsa.publicKey.pemRepresentation.utf8)))),
        HostileToken(
            "HS256 signed with the bytes of a public key", .wrongSignature,
            Forge(
                sign: Forge.signer(
                    .hs256, secret: [UInt8](TestKeys.edDSA.publicKey.rawRepresentation)))),
        HostileToken(
            "HS256 signed with another secret", .wrongSignature,
            Forge(sign: Forge.signer(.hs256, secret: Array(repeating: 7, count: 32)))),
        wrong("an empty signature", "HS256") { _ in [] },
        wrong("a signature cut short", "HS256") { signed in
            Forge.signer(.hs256)(signed).dropLast()
        },
        wrong("a signature that goes on", "HS256") { signed in
            Forge.signer(.hs256)(signed) + [0]
        },
        wrong("HS256 that is HS512", "HS256", Forge.signer(.hs512)),
        wrong("RS256 that is HS256", "RS256", Forge.signer(.hs256)),
        wrong("RS256 that is PS256", "RS256", Forge.signer(.ps256)),
        wrong("PS256 that is RS256", "PS256", Forge.signer(.rs256)),
        wrong("RS512 that is RS256", "RS512", Forge.signer(.rs256)),
        wrong("RS256 of zeros", "RS256") { _ in Array(repeating: 0, count: 256) },
        wrong("RS256 of an empty signature", "RS256") { _ in [] },
        wrong("RS256 of a huge signature", "RS256") { _ in Array(repeating: 255, count: 4_000) },
        wrong("ES256 with r = s = 0", "ES256") { _ in Array(repeating: 0, count: 64) },
        wrong("ES256 with r = s = n", "ES256") { _ in order + order },
        wrong("ES256 with s = 0", "ES256") { signed in
            Forge.signer(.es256)(signed).prefix(32) + Array(repeating: 0, count: 32)
        },
        wrong("ES256 that is too short", "ES256") { signed in
            Forge.signer(.es256)(signed).dropLast()
        },
        wrong("ES256 that is too long", "ES256") { signed in [0] + Forge.signer(.es256)(signed) },
        wrong("ES256 without anything", "ES256") { _ in [] },
        wrong("ES256 as DER", "ES256") { signed in der(Forge.signer(.es256)(signed)) },
        wrong("ES256 that is ES384", "ES256", Forge.signer(.es384)),
        wrong("ES384 that is ES256", "ES384", Forge.signer(.es256)),
        wrong("ES384 with r = s = 0", "ES384") { _ in Array(repeating: 0, count: 96) },
        wrong("EdDSA of zeros", "EdDSA") { _ in Array(repeating: 0, count: 64) },
        wrong("EdDSA of another text", "EdDSA") { _ in Forge.signer(.edDSA)([1, 2, 3]) },
        HostileToken(
            "claims that were changed afterwards", .wrongSignature,
            changed(Forge.claiming(#""role":"member""#), to: #"{"sub":"u1","role":"owner"}"#)),
    ]

    /// The order of P-256.
    private static let order: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25,
        0x51,
    ]

    private static func wrong(
        _ what: String, _ alg: String, _ sign: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> HostileToken {
        HostileToken(
            what, .wrongSignature, Forge(header: #"{"alg":"\#(alg)","typ":"JWT"}"#, sign: sign))
    }

    /// A signature in the form that other protocols use.
    private static func der(_ raw: [UInt8]) -> [UInt8] {
        func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
            let digits = (bytes.first ?? 0) > 127 ? [0] + bytes : Array(bytes)
            return [2, UInt8(digits.count)] + digits
        }
        let body = integer(raw.prefix(32)) + integer(raw.suffix(32))
        return [0x30, UInt8(body.count)] + body
    }

    private static func changed(_ forge: Forge, to claims: String) -> [UInt8] {
        let dot = UInt8(ascii: ".")
        var parts = forge.token.split(separator: dot).map(Array.init)
        parts[1] = Forge.encoded(claims)
        return Array(parts.joined(separator: [dot]))
    }
}
